"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.cluster_totals import ClusterTotals
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    cluster: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/clusters/{cluster}/totals".format(
            cluster=quote(str(cluster), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ClusterTotals | Problem | None:
    if response.status_code == 200:
        response_200 = ClusterTotals.from_dict(response.json())

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
) -> Response[ClusterTotals | Problem]:
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
) -> Response[ClusterTotals | Problem]:
    """Get cluster totals

     Sums over all nodes and slots, with the schedds and partitions.

    Args:
        cluster (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ClusterTotals | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    cluster: str,
    *,
    client: AuthenticatedClient,
) -> ClusterTotals | Problem | None:
    """Get cluster totals

     Sums over all nodes and slots, with the schedds and partitions.

    Args:
        cluster (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ClusterTotals | Problem
    """

    return sync_detailed(
        cluster=cluster,
        client=client,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    *,
    client: AuthenticatedClient,
) -> Response[ClusterTotals | Problem]:
    """Get cluster totals

     Sums over all nodes and slots, with the schedds and partitions.

    Args:
        cluster (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ClusterTotals | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    *,
    client: AuthenticatedClient,
) -> ClusterTotals | Problem | None:
    """Get cluster totals

     Sums over all nodes and slots, with the schedds and partitions.

    Args:
        cluster (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ClusterTotals | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            client=client,
        )
    ).parsed
