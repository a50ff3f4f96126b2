"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.nearby_entities import NearbyEntities
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    node: str,
    limit: int | Unset = 40,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["node"] = node

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/knowledge/entities/neighbours",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> NearbyEntities | Problem | None:
    if response.status_code == 200:
        response_200 = NearbyEntities.from_dict(response.json())

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
) -> Response[NearbyEntities | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    node: str,
    limit: int | Unset = 40,
) -> Response[NearbyEntities | Problem]:
    """List neighbours

     What it is connected with, and how; nothing for what is unknown.

    Args:
        node (str):
        limit (int | Unset):  Default: 40.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NearbyEntities | Problem]
    """

    kwargs = _get_kwargs(
        node=node,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    node: str,
    limit: int | Unset = 40,
) -> NearbyEntities | Problem | None:
    """List neighbours

     What it is connected with, and how; nothing for what is unknown.

    Args:
        node (str):
        limit (int | Unset):  Default: 40.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NearbyEntities | Problem
    """

    return sync_detailed(
        client=client,
        node=node,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    node: str,
    limit: int | Unset = 40,
) -> Response[NearbyEntities | Problem]:
    """List neighbours

     What it is connected with, and how; nothing for what is unknown.

    Args:
        node (str):
        limit (int | Unset):  Default: 40.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NearbyEntities | Problem]
    """

    kwargs = _get_kwargs(
        node=node,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    node: str,
    limit: int | Unset = 40,
) -> NearbyEntities | Problem | None:
    """List neighbours

     What it is connected with, and how; nothing for what is unknown.

    Args:
        node (str):
        limit (int | Unset):  Default: 40.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NearbyEntities | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            node=node,
            limit=limit,
        )
    ).parsed
