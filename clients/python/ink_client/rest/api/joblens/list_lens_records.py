"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_record_page import LensRecordPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    job: str,
    *,
    collector: list[str] | None | Unset = UNSET,
    start: float | None | Unset = UNSET,
    end: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_collector: list[str] | None | Unset
    if isinstance(collector, Unset):
        json_collector = UNSET
    elif isinstance(collector, list):
        json_collector = collector

    else:
        json_collector = collector
    params["collector"] = json_collector

    json_start: float | None | Unset
    if isinstance(start, Unset):
        json_start = UNSET
    else:
        json_start = start
    params["start"] = json_start

    json_end: float | None | Unset
    if isinstance(end, Unset):
        json_end = UNSET
    else:
        json_end = end
    params["end"] = json_end

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/joblens/jobs/{cluster}/{job}/records".format(
            cluster=quote(str(cluster), safe=""),
            job=quote(str(job), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LensRecordPage | Problem | None:
    if response.status_code == 200:
        response_200 = LensRecordPage.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 410:
        response_410 = Problem.from_dict(response.json())

        return response_410

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if response.status_code == 504:
        response_504 = Problem.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LensRecordPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    collector: list[str] | None | Unset = UNSET,
    start: float | None | Unset = UNSET,
    end: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Response[LensRecordPage | Problem]:
    """List lens records

     What was sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str):
        job (str):
        collector (list[str] | None | Unset):
        start (float | None | Unset): Seconds since the epoch.
        end (float | None | Unset): Seconds since the epoch.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensRecordPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        collector=collector,
        start=start,
        end=end,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    collector: list[str] | None | Unset = UNSET,
    start: float | None | Unset = UNSET,
    end: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> LensRecordPage | Problem | None:
    """List lens records

     What was sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str):
        job (str):
        collector (list[str] | None | Unset):
        start (float | None | Unset): Seconds since the epoch.
        end (float | None | Unset): Seconds since the epoch.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensRecordPage | Problem
    """

    return sync_detailed(
        cluster=cluster,
        job=job,
        client=client,
        collector=collector,
        start=start,
        end=end,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    collector: list[str] | None | Unset = UNSET,
    start: float | None | Unset = UNSET,
    end: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Response[LensRecordPage | Problem]:
    """List lens records

     What was sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str):
        job (str):
        collector (list[str] | None | Unset):
        start (float | None | Unset): Seconds since the epoch.
        end (float | None | Unset): Seconds since the epoch.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensRecordPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        collector=collector,
        start=start,
        end=end,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    collector: list[str] | None | Unset = UNSET,
    start: float | None | Unset = UNSET,
    end: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> LensRecordPage | Problem | None:
    """List lens records

     What was sampled, oldest first; the cursor visits each once.

    Args:
        cluster (str):
        job (str):
        collector (list[str] | None | Unset):
        start (float | None | Unset): Seconds since the epoch.
        end (float | None | Unset): Seconds since the epoch.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensRecordPage | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            job=job,
            client=client,
            collector=collector,
            start=start,
            end=end,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
