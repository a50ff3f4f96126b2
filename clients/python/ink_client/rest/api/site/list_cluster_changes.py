"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.cluster_changes import ClusterChanges
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    *,
    days: int | Unset = 7,
    by_hand: bool | Unset = False,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["days"] = days

    params["by_hand"] = by_hand

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/site/clusters/{cluster}/changes".format(
            cluster=quote(str(cluster), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ClusterChanges | Problem | None:
    if response.status_code == 200:
        response_200 = ClusterChanges.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ClusterChanges | Problem]:
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
    days: int | Unset = 7,
    by_hand: bool | Unset = False,
    limit: int | Unset = 50,
) -> Response[ClusterChanges | Problem]:
    """List cluster changes

     What agents did there, the latest first: on behalf of everybody for who may read the audit, else of
    oneself.

    Args:
        cluster (str):
        days (int | Unset):  Default: 7.
        by_hand (bool | Unset): Those of people and their programs too, not only of agents.
            Default: False.
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ClusterChanges | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        days=days,
        by_hand=by_hand,
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
    days: int | Unset = 7,
    by_hand: bool | Unset = False,
    limit: int | Unset = 50,
) -> ClusterChanges | Problem | None:
    """List cluster changes

     What agents did there, the latest first: on behalf of everybody for who may read the audit, else of
    oneself.

    Args:
        cluster (str):
        days (int | Unset):  Default: 7.
        by_hand (bool | Unset): Those of people and their programs too, not only of agents.
            Default: False.
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ClusterChanges | Problem
    """

    return sync_detailed(
        cluster=cluster,
        client=client,
        days=days,
        by_hand=by_hand,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 7,
    by_hand: bool | Unset = False,
    limit: int | Unset = 50,
) -> Response[ClusterChanges | Problem]:
    """List cluster changes

     What agents did there, the latest first: on behalf of everybody for who may read the audit, else of
    oneself.

    Args:
        cluster (str):
        days (int | Unset):  Default: 7.
        by_hand (bool | Unset): Those of people and their programs too, not only of agents.
            Default: False.
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ClusterChanges | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        days=days,
        by_hand=by_hand,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 7,
    by_hand: bool | Unset = False,
    limit: int | Unset = 50,
) -> ClusterChanges | Problem | None:
    """List cluster changes

     What agents did there, the latest first: on behalf of everybody for who may read the audit, else of
    oneself.

    Args:
        cluster (str):
        days (int | Unset):  Default: 7.
        by_hand (bool | Unset): Those of people and their programs too, not only of agents.
            Default: False.
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ClusterChanges | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            client=client,
            days=days,
            by_hand=by_hand,
            limit=limit,
        )
    ).parsed
