"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_error import LensError
from ...models.with_meta_summary_data import WithMetaSummaryData
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: str,
    job: str,
    collectors: str | Unset = "",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cluster"] = cluster

    params["job"] = job

    params["collectors"] = collectors

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/data/summary",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LensError | WithMetaSummaryData | None:
    if response.status_code == 200:
        response_200 = WithMetaSummaryData.from_dict(response.json())

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
) -> Response[LensError | WithMetaSummaryData]:
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
    collectors: str | Unset = "",
) -> Response[LensError | WithMetaSummaryData]:
    """Get summary

     What a job used in all.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        collectors (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaSummaryData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        collectors=collectors,
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
    collectors: str | Unset = "",
) -> LensError | WithMetaSummaryData | None:
    """Get summary

     What a job used in all.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        collectors (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaSummaryData
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        job=job,
        collectors=collectors,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    collectors: str | Unset = "",
) -> Response[LensError | WithMetaSummaryData]:
    """Get summary

     What a job used in all.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        collectors (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaSummaryData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        collectors=collectors,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    collectors: str | Unset = "",
) -> LensError | WithMetaSummaryData | None:
    """Get summary

     What a job used in all.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        collectors (str | Unset):  Default: ''.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaSummaryData
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            job=job,
            collectors=collectors,
        )
    ).parsed
