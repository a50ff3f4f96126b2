"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_compared import LensCompared
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: str,
    job: str,
    other: str,
    other_cluster: None | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["cluster"] = cluster

    params["job"] = job

    params["other"] = other

    json_other_cluster: None | str | Unset
    if isinstance(other_cluster, Unset):
        json_other_cluster = UNSET
    else:
        json_other_cluster = other_cluster
    params["other_cluster"] = json_other_cluster

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/joblens/compare",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> LensCompared | Problem | None:
    if response.status_code == 200:
        response_200 = LensCompared.from_dict(response.json())

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
) -> Response[LensCompared | Problem]:
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
    other: str,
    other_cluster: None | str | Unset = UNSET,
) -> Response[LensCompared | Problem]:
    """Compare lens jobs

     Two jobs that the caller may see, figure by figure.

    Args:
        cluster (str):
        job (str):
        other (str): The second job.
        other_cluster (None | str | Unset): Without it the same cluster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensCompared | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        other=other,
        other_cluster=other_cluster,
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
    other: str,
    other_cluster: None | str | Unset = UNSET,
) -> LensCompared | Problem | None:
    """Compare lens jobs

     Two jobs that the caller may see, figure by figure.

    Args:
        cluster (str):
        job (str):
        other (str): The second job.
        other_cluster (None | str | Unset): Without it the same cluster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensCompared | Problem
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        job=job,
        other=other,
        other_cluster=other_cluster,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    other: str,
    other_cluster: None | str | Unset = UNSET,
) -> Response[LensCompared | Problem]:
    """Compare lens jobs

     Two jobs that the caller may see, figure by figure.

    Args:
        cluster (str):
        job (str):
        other (str): The second job.
        other_cluster (None | str | Unset): Without it the same cluster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensCompared | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        other=other,
        other_cluster=other_cluster,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: str,
    job: str,
    other: str,
    other_cluster: None | str | Unset = UNSET,
) -> LensCompared | Problem | None:
    """Compare lens jobs

     Two jobs that the caller may see, figure by figure.

    Args:
        cluster (str):
        job (str):
        other (str): The second job.
        other_cluster (None | str | Unset): Without it the same cluster.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensCompared | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            job=job,
            other=other,
            other_cluster=other_cluster,
        )
    ).parsed
