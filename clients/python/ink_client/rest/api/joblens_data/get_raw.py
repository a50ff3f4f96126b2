"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_error import LensError
from ...models.with_meta_raw_data import WithMetaRawData
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: str,
    job: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    collector: str | Unset = "",
    fields: str | Unset = "",
    size: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    flatten: bool | None | Unset = UNSET,
    full_range: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cluster"] = cluster

    params["job"] = job

    json_from_: None | str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    else:
        json_from_ = from_
    params["from"] = json_from_

    params["to"] = to

    params["collector"] = collector

    params["fields"] = fields

    params["size"] = size

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_flatten: bool | None | Unset
    if isinstance(flatten, Unset):
        json_flatten = UNSET
    else:
        json_flatten = flatten
    params["flatten"] = json_flatten

    params["full_range"] = full_range

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/data/raw",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LensError | WithMetaRawData | None:
    if response.status_code == 200:
        response_200 = WithMetaRawData.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = LensError.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = LensError.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = LensError.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = LensError.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = LensError.from_dict(response.json())

        return response_409

    if response.status_code == 410:
        response_410 = LensError.from_dict(response.json())

        return response_410

    if response.status_code == 429:
        response_429 = LensError.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = LensError.from_dict(response.json())

        return response_503

    if response.status_code == 504:
        response_504 = LensError.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LensError | WithMetaRawData]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    collector: str | Unset = "",
    fields: str | Unset = "",
    size: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    flatten: bool | None | Unset = UNSET,
    full_range: bool | Unset = False,
) -> Response[LensError | WithMetaRawData]:
    """Get raw

     Records as they were sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        collector (str | Unset):  Default: ''.
        fields (str | Unset):  Default: ''.
        size (int | Unset):  Default: 100.
        cursor (None | str | Unset):
        flatten (bool | None | Unset):
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaRawData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        from_=from_,
        to=to,
        collector=collector,
        fields=fields,
        size=size,
        cursor=cursor,
        flatten=flatten,
        full_range=full_range,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    collector: str | Unset = "",
    fields: str | Unset = "",
    size: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    flatten: bool | None | Unset = UNSET,
    full_range: bool | Unset = False,
) -> LensError | WithMetaRawData | None:
    """Get raw

     Records as they were sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        collector (str | Unset):  Default: ''.
        fields (str | Unset):  Default: ''.
        size (int | Unset):  Default: 100.
        cursor (None | str | Unset):
        flatten (bool | None | Unset):
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaRawData
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        job=job,
        from_=from_,
        to=to,
        collector=collector,
        fields=fields,
        size=size,
        cursor=cursor,
        flatten=flatten,
        full_range=full_range,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    collector: str | Unset = "",
    fields: str | Unset = "",
    size: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    flatten: bool | None | Unset = UNSET,
    full_range: bool | Unset = False,
) -> Response[LensError | WithMetaRawData]:
    """Get raw

     Records as they were sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        collector (str | Unset):  Default: ''.
        fields (str | Unset):  Default: ''.
        size (int | Unset):  Default: 100.
        cursor (None | str | Unset):
        flatten (bool | None | Unset):
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaRawData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        from_=from_,
        to=to,
        collector=collector,
        fields=fields,
        size=size,
        cursor=cursor,
        flatten=flatten,
        full_range=full_range,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    collector: str | Unset = "",
    fields: str | Unset = "",
    size: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    flatten: bool | None | Unset = UNSET,
    full_range: bool | Unset = False,
) -> LensError | WithMetaRawData | None:
    """Get raw

     Records as they were sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        collector (str | Unset):  Default: ''.
        fields (str | Unset):  Default: ''.
        size (int | Unset):  Default: 100.
        cursor (None | str | Unset):
        flatten (bool | None | Unset):
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaRawData
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            job=job,
            from_=from_,
            to=to,
            collector=collector,
            fields=fields,
            size=size,
            cursor=cursor,
            flatten=flatten,
            full_range=full_range,
        )
    ).parsed
