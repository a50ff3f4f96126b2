"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_connection import LensConnection
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    cluster: str,
    job: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/joblens/jobs/{cluster}/{job}/connections".format(
            cluster=quote(str(cluster), safe=""),
            job=quote(str(job), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[LensConnection] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = LensConnection.from_dict(response_200_item_data)

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
) -> Response[Problem | list[LensConnection]]:
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
) -> Response[Problem | list[LensConnection]]:
    """List lens connections

     As the newest capture of connections last saw them, most traffic first; none without a capture.

    Args:
        cluster (str):
        job (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[LensConnection]]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
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
) -> Problem | list[LensConnection] | None:
    """List lens connections

     As the newest capture of connections last saw them, most traffic first; none without a capture.

    Args:
        cluster (str):
        job (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[LensConnection]
    """

    return sync_detailed(
        cluster=cluster,
        job=job,
        client=client,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
) -> Response[Problem | list[LensConnection]]:
    """List lens connections

     As the newest capture of connections last saw them, most traffic first; none without a capture.

    Args:
        cluster (str):
        job (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[LensConnection]]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job=job,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    job: str,
    *,
    client: AuthenticatedClient,
) -> Problem | list[LensConnection] | None:
    """List lens connections

     As the newest capture of connections last saw them, most traffic first; none without a capture.

    Args:
        cluster (str):
        job (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[LensConnection]
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            job=job,
            client=client,
        )
    ).parsed
