"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_stack import LensStack
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    job: str,
    *,
    limit: int | Unset = 200,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/joblens/jobs/{cluster}/{job}/stacks".format(
            cluster=quote(str(cluster), safe=""),
            job=quote(str(job), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[LensStack] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = LensStack.from_dict(response_200_item_data)

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
) -> Response[Problem | list[LensStack]]:
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
    limit: int | Unset = 200,
) -> Response[Problem | list[LensStack]]:
    """List lens stacks

     In which calls it spent its CPU time while the newest capture of stacks looked, most first; none
    without one.

    Args:
        cluster (str):
        job (str):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[LensStack]]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
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
    limit: int | Unset = 200,
) -> Problem | list[LensStack] | None:
    """List lens stacks

     In which calls it spent its CPU time while the newest capture of stacks looked, most first; none
    without one.

    Args:
        cluster (str):
        job (str):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[LensStack]
    """

    return sync_detailed(
        cluster=cluster,
        job=job,
        client=client,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 200,
) -> Response[Problem | list[LensStack]]:
    """List lens stacks

     In which calls it spent its CPU time while the newest capture of stacks looked, most first; none
    without one.

    Args:
        cluster (str):
        job (str):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[LensStack]]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 200,
) -> Problem | list[LensStack] | None:
    """List lens stacks

     In which calls it spent its CPU time while the newest capture of stacks looked, most first; none
    without one.

    Args:
        cluster (str):
        job (str):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[LensStack]
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            job=job,
            client=client,
            limit=limit,
        )
    ).parsed
