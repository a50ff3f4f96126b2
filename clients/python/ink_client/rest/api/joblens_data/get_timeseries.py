"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_error import LensError
from ...models.with_meta_series_data import WithMetaSeriesData
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: str,
    job: str,
    metric: str,
    interval: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    agg: str | Unset = "avg",
    by: str | Unset = "",
    full_range: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cluster"] = cluster

    params["job"] = job

    params["metric"] = metric

    params["interval"] = interval

    json_from_: None | str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    else:
        json_from_ = from_
    params["from"] = json_from_

    params["to"] = to

    params["agg"] = agg

    params["by"] = by

    params["full_range"] = full_range

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/data/timeseries",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LensError | WithMetaSeriesData | None:
    if response.status_code == 200:
        response_200 = WithMetaSeriesData.from_dict(response.json())

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
) -> Response[LensError | WithMetaSeriesData]:
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
    metric: str,
    interval: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    agg: str | Unset = "avg",
    by: str | Unset = "",
    full_range: bool | Unset = False,
) -> Response[LensError | WithMetaSeriesData]:
    """Get timeseries

     Buckets of an interval; those without a sample are left out.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        metric (str):
        interval (str): 10s, 1m, 5m or 1h.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        agg (str | Unset):  Default: 'avg'.
        by (str | Unset):  Default: ''.
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaSeriesData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        metric=metric,
        interval=interval,
        from_=from_,
        to=to,
        agg=agg,
        by=by,
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
    metric: str,
    interval: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    agg: str | Unset = "avg",
    by: str | Unset = "",
    full_range: bool | Unset = False,
) -> LensError | WithMetaSeriesData | None:
    """Get timeseries

     Buckets of an interval; those without a sample are left out.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        metric (str):
        interval (str): 10s, 1m, 5m or 1h.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        agg (str | Unset):  Default: 'avg'.
        by (str | Unset):  Default: ''.
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaSeriesData
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        job=job,
        metric=metric,
        interval=interval,
        from_=from_,
        to=to,
        agg=agg,
        by=by,
        full_range=full_range,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    metric: str,
    interval: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    agg: str | Unset = "avg",
    by: str | Unset = "",
    full_range: bool | Unset = False,
) -> Response[LensError | WithMetaSeriesData]:
    """Get timeseries

     Buckets of an interval; those without a sample are left out.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        metric (str):
        interval (str): 10s, 1m, 5m or 1h.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        agg (str | Unset):  Default: 'avg'.
        by (str | Unset):  Default: ''.
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensError | WithMetaSeriesData]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        metric=metric,
        interval=interval,
        from_=from_,
        to=to,
        agg=agg,
        by=by,
        full_range=full_range,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    metric: str,
    interval: str,
    from_: None | str | Unset = UNSET,
    to: str | Unset = "now",
    agg: str | Unset = "avg",
    by: str | Unset = "",
    full_range: bool | Unset = False,
) -> LensError | WithMetaSeriesData | None:
    """Get timeseries

     Buckets of an interval; those without a sample are left out.

    Args:
        cluster (str): A name, several with commas, or *; name:schedd for one.
        job (str): As its scheduler says it: 172.0 or 67890.
        metric (str):
        interval (str): 10s, 1m, 5m or 1h.
        from_ (None | str | Unset): RFC 3339, a date, now-1h or 1h.
        to (str | Unset):  Default: 'now'.
        agg (str | Unset):  Default: 'avg'.
        by (str | Unset):  Default: ''.
        full_range (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensError | WithMetaSeriesData
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            job=job,
            metric=metric,
            interval=interval,
            from_=from_,
            to=to,
            agg=agg,
            by=by,
            full_range=full_range,
        )
    ).parsed
