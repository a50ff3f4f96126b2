"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.get_usage_by import GetUsageBy
from ...models.problem import Problem
from ...models.usage_report import UsageReport
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    by: GetUsageBy | Unset = GetUsageBy.MODEL,
    days: int | Unset = 30,
    everybody: bool | Unset = False,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_by: str | Unset = UNSET
    if not isinstance(by, Unset):
        json_by = by.value

    params["by"] = json_by

    params["days"] = days

    params["everybody"] = everybody

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/usage",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | UsageReport | None:
    if response.status_code == 200:
        response_200 = UsageReport.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | UsageReport]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    by: GetUsageBy | Unset = GetUsageBy.MODEL,
    days: int | Unset = 30,
    everybody: bool | Unset = False,
    limit: int | Unset = 100,
) -> Response[Problem | UsageReport]:
    """Get usage

     All measures, those with most tokens first.

    Args:
        by (GetUsageBy | Unset): What is summed up: a session with its sub-agents, or each agent
            apart. Default: GetUsageBy.MODEL.
        days (int | Unset): How far back. Default: 30.
        everybody (bool | Unset): Of all users; for administrators. Default: False.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsageReport]
    """

    kwargs = _get_kwargs(
        by=by,
        days=days,
        everybody=everybody,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    by: GetUsageBy | Unset = GetUsageBy.MODEL,
    days: int | Unset = 30,
    everybody: bool | Unset = False,
    limit: int | Unset = 100,
) -> Problem | UsageReport | None:
    """Get usage

     All measures, those with most tokens first.

    Args:
        by (GetUsageBy | Unset): What is summed up: a session with its sub-agents, or each agent
            apart. Default: GetUsageBy.MODEL.
        days (int | Unset): How far back. Default: 30.
        everybody (bool | Unset): Of all users; for administrators. Default: False.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsageReport
    """

    return sync_detailed(
        client=client,
        by=by,
        days=days,
        everybody=everybody,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    by: GetUsageBy | Unset = GetUsageBy.MODEL,
    days: int | Unset = 30,
    everybody: bool | Unset = False,
    limit: int | Unset = 100,
) -> Response[Problem | UsageReport]:
    """Get usage

     All measures, those with most tokens first.

    Args:
        by (GetUsageBy | Unset): What is summed up: a session with its sub-agents, or each agent
            apart. Default: GetUsageBy.MODEL.
        days (int | Unset): How far back. Default: 30.
        everybody (bool | Unset): Of all users; for administrators. Default: False.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | UsageReport]
    """

    kwargs = _get_kwargs(
        by=by,
        days=days,
        everybody=everybody,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    by: GetUsageBy | Unset = GetUsageBy.MODEL,
    days: int | Unset = 30,
    everybody: bool | Unset = False,
    limit: int | Unset = 100,
) -> Problem | UsageReport | None:
    """Get usage

     All measures, those with most tokens first.

    Args:
        by (GetUsageBy | Unset): What is summed up: a session with its sub-agents, or each agent
            apart. Default: GetUsageBy.MODEL.
        days (int | Unset): How far back. Default: 30.
        everybody (bool | Unset): Of all users; for administrators. Default: False.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | UsageReport
    """

    return (
        await asyncio_detailed(
            client=client,
            by=by,
            days=days,
            everybody=everybody,
            limit=limit,
        )
    ).parsed
