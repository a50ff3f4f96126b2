"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.cluster_load import ClusterLoad
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    group: None | str | Unset = UNSET,
    by_wall_time: bool | Unset = False,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_group: None | str | Unset
    if isinstance(group, Unset):
        json_group = UNSET
    else:
        json_group = group
    params["group"] = json_group

    params["by_wall_time"] = by_wall_time

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/hepjob/load",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[ClusterLoad] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ClusterLoad.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[Problem | list[ClusterLoad]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    group: None | str | Unset = UNSET,
    by_wall_time: bool | Unset = False,
) -> Response[Problem | list[ClusterLoad]]:
    """Get hep load

     Of the cluster that a group's jobs go to; without a group, of every Slurm cluster by partition.

    Args:
        group (None | str | Unset):
        by_wall_time (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[ClusterLoad]]
    """

    kwargs = _get_kwargs(
        group=group,
        by_wall_time=by_wall_time,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    group: None | str | Unset = UNSET,
    by_wall_time: bool | Unset = False,
) -> Problem | list[ClusterLoad] | None:
    """Get hep load

     Of the cluster that a group's jobs go to; without a group, of every Slurm cluster by partition.

    Args:
        group (None | str | Unset):
        by_wall_time (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[ClusterLoad]
    """

    return sync_detailed(
        client=client,
        group=group,
        by_wall_time=by_wall_time,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    group: None | str | Unset = UNSET,
    by_wall_time: bool | Unset = False,
) -> Response[Problem | list[ClusterLoad]]:
    """Get hep load

     Of the cluster that a group's jobs go to; without a group, of every Slurm cluster by partition.

    Args:
        group (None | str | Unset):
        by_wall_time (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[ClusterLoad]]
    """

    kwargs = _get_kwargs(
        group=group,
        by_wall_time=by_wall_time,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    group: None | str | Unset = UNSET,
    by_wall_time: bool | Unset = False,
) -> Problem | list[ClusterLoad] | None:
    """Get hep load

     Of the cluster that a group's jobs go to; without a group, of every Slurm cluster by partition.

    Args:
        group (None | str | Unset):
        by_wall_time (bool | Unset):  Default: False.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[ClusterLoad]
    """

    return (
        await asyncio_detailed(
            client=client,
            group=group,
            by_wall_time=by_wall_time,
        )
    ).parsed
