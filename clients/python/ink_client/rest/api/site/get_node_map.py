"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.node_map import NodeMap
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    *,
    cursor: str | Unset = "",
    limit: int | Unset = 1000,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/site/clusters/{cluster}/nodes".format(
            cluster=quote(str(cluster), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> NodeMap | Problem | None:
    if response.status_code == 200:
        response_200 = NodeMap.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[NodeMap | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    limit: int | Unset = 1000,
) -> Response[NodeMap | Problem]:
    """Get node map

     Each node with its condition, load and incidents, by name.

    Args:
        cluster (str):
        cursor (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NodeMap | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    cluster: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    limit: int | Unset = 1000,
) -> NodeMap | Problem | None:
    """Get node map

     Each node with its condition, load and incidents, by name.

    Args:
        cluster (str):
        cursor (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NodeMap | Problem
    """

    return sync_detailed(
        cluster=cluster,
        client=client,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    limit: int | Unset = 1000,
) -> Response[NodeMap | Problem]:
    """Get node map

     Each node with its condition, load and incidents, by name.

    Args:
        cluster (str):
        cursor (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NodeMap | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = "",
    limit: int | Unset = 1000,
) -> NodeMap | Problem | None:
    """Get node map

     Each node with its condition, load and incidents, by name.

    Args:
        cluster (str):
        cursor (str | Unset):  Default: ''.
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NodeMap | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            client=client,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
