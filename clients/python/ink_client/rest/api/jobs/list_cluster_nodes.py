"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.node_order import NodeOrder
from ...models.node_page import NodePage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    *,
    q: str | Unset = "",
    state: list[str] | None | Unset = UNSET,
    partition: None | str | Unset = UNSET,
    out_of_service: bool | None | Unset = UNSET,
    order: NodeOrder | Unset = UNSET,
    offset: int | Unset = 0,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    json_state: list[str] | None | Unset
    if isinstance(state, Unset):
        json_state = UNSET
    elif isinstance(state, list):
        json_state = state

    else:
        json_state = state
    params["state"] = json_state

    json_partition: None | str | Unset
    if isinstance(partition, Unset):
        json_partition = UNSET
    else:
        json_partition = partition
    params["partition"] = json_partition

    json_out_of_service: bool | None | Unset
    if isinstance(out_of_service, Unset):
        json_out_of_service = UNSET
    else:
        json_out_of_service = out_of_service
    params["out_of_service"] = json_out_of_service

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order.value

    params["order"] = json_order

    params["offset"] = offset

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/clusters/{cluster}/nodes".format(
            cluster=quote(str(cluster), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> NodePage | Problem | None:
    if response.status_code == 200:
        response_200 = NodePage.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[NodePage | Problem]:
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
    q: str | Unset = "",
    state: list[str] | None | Unset = UNSET,
    partition: None | str | Unset = UNSET,
    out_of_service: bool | None | Unset = UNSET,
    order: NodeOrder | Unset = UNSET,
    offset: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[NodePage | Problem]:
    """List cluster nodes

     Of all that the filters leave, from `offset` on: by name upwards, by anything else downwards.

    Args:
        cluster (str):
        q (str | Unset):  Default: ''.
        state (list[str] | None | Unset):
        partition (None | str | Unset):
        out_of_service (bool | None | Unset):
        order (NodeOrder | Unset): By name upwards; by what is free, used or loaded downwards.
        offset (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NodePage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        q=q,
        state=state,
        partition=partition,
        out_of_service=out_of_service,
        order=order,
        offset=offset,
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
    q: str | Unset = "",
    state: list[str] | None | Unset = UNSET,
    partition: None | str | Unset = UNSET,
    out_of_service: bool | None | Unset = UNSET,
    order: NodeOrder | Unset = UNSET,
    offset: int | Unset = 0,
    limit: int | Unset = 100,
) -> NodePage | Problem | None:
    """List cluster nodes

     Of all that the filters leave, from `offset` on: by name upwards, by anything else downwards.

    Args:
        cluster (str):
        q (str | Unset):  Default: ''.
        state (list[str] | None | Unset):
        partition (None | str | Unset):
        out_of_service (bool | None | Unset):
        order (NodeOrder | Unset): By name upwards; by what is free, used or loaded downwards.
        offset (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NodePage | Problem
    """

    return sync_detailed(
        cluster=cluster,
        client=client,
        q=q,
        state=state,
        partition=partition,
        out_of_service=out_of_service,
        order=order,
        offset=offset,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = "",
    state: list[str] | None | Unset = UNSET,
    partition: None | str | Unset = UNSET,
    out_of_service: bool | None | Unset = UNSET,
    order: NodeOrder | Unset = UNSET,
    offset: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[NodePage | Problem]:
    """List cluster nodes

     Of all that the filters leave, from `offset` on: by name upwards, by anything else downwards.

    Args:
        cluster (str):
        q (str | Unset):  Default: ''.
        state (list[str] | None | Unset):
        partition (None | str | Unset):
        out_of_service (bool | None | Unset):
        order (NodeOrder | Unset): By name upwards; by what is free, used or loaded downwards.
        offset (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NodePage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        q=q,
        state=state,
        partition=partition,
        out_of_service=out_of_service,
        order=order,
        offset=offset,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    *,
    client: AuthenticatedClient,
    q: str | Unset = "",
    state: list[str] | None | Unset = UNSET,
    partition: None | str | Unset = UNSET,
    out_of_service: bool | None | Unset = UNSET,
    order: NodeOrder | Unset = UNSET,
    offset: int | Unset = 0,
    limit: int | Unset = 100,
) -> NodePage | Problem | None:
    """List cluster nodes

     Of all that the filters leave, from `offset` on: by name upwards, by anything else downwards.

    Args:
        cluster (str):
        q (str | Unset):  Default: ''.
        state (list[str] | None | Unset):
        partition (None | str | Unset):
        out_of_service (bool | None | Unset):
        order (NodeOrder | Unset): By name upwards; by what is free, used or loaded downwards.
        offset (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NodePage | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            client=client,
            q=q,
            state=state,
            partition=partition,
            out_of_service=out_of_service,
            order=order,
            offset=offset,
            limit=limit,
        )
    ).parsed
