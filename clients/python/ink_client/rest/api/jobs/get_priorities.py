"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.priorities import Priorities
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    *,
    user: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_user: None | str | Unset
    if isinstance(user, Unset):
        json_user = UNSET
    else:
        json_user = user
    params["user"] = json_user

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/clusters/{cluster}/priorities".format(
            cluster=quote(str(cluster), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Priorities | Problem | None:
    if response.status_code == 200:
        response_200 = Priorities.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Priorities | Problem]:
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
    user: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Response[Priorities | Problem]:
    """Get priorities

     Whose jobs come first, as the scheduler weighs users; a minute old at most. `user` leaves one of
    them.

    Args:
        cluster (str):
        user (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Priorities | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        user=user,
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
    user: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Priorities | Problem | None:
    """Get priorities

     Whose jobs come first, as the scheduler weighs users; a minute old at most. `user` leaves one of
    them.

    Args:
        cluster (str):
        user (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Priorities | Problem
    """

    return sync_detailed(
        cluster=cluster,
        client=client,
        user=user,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
    user: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Response[Priorities | Problem]:
    """Get priorities

     Whose jobs come first, as the scheduler weighs users; a minute old at most. `user` leaves one of
    them.

    Args:
        cluster (str):
        user (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Priorities | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        user=user,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    *,
    client: AuthenticatedClient,
    user: None | str | Unset = UNSET,
    limit: int | Unset = 1000,
) -> Priorities | Problem | None:
    """Get priorities

     Whose jobs come first, as the scheduler weighs users; a minute old at most. `user` leaves one of
    them.

    Args:
        cluster (str):
        user (None | str | Unset):
        limit (int | Unset):  Default: 1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Priorities | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            client=client,
            user=user,
            limit=limit,
        )
    ).parsed
