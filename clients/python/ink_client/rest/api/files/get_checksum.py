"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.checksum_algorithm import ChecksumAlgorithm
from ...models.file_checksum import FileChecksum
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    algorithm: ChecksumAlgorithm | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["path"] = path

    json_algorithm: str | Unset = UNSET
    if not isinstance(algorithm, Unset):
        json_algorithm = algorithm.value

    params["algorithm"] = json_algorithm

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/files/checksum",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> FileChecksum | Problem | None:
    if response.status_code == 200:
        response_200 = FileChecksum.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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

    if response.status_code == 507:
        response_507 = Problem.from_dict(response.json())

        return response_507

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[FileChecksum | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    path: str,
    algorithm: ChecksumAlgorithm | Unset = UNSET,
) -> Response[FileChecksum | Problem]:
    """Get checksum

     Of the whole file, in hexadecimal digits.

    Args:
        path (str):
        algorithm (ChecksumAlgorithm | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FileChecksum | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        algorithm=algorithm,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    path: str,
    algorithm: ChecksumAlgorithm | Unset = UNSET,
) -> FileChecksum | Problem | None:
    """Get checksum

     Of the whole file, in hexadecimal digits.

    Args:
        path (str):
        algorithm (ChecksumAlgorithm | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FileChecksum | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        algorithm=algorithm,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    path: str,
    algorithm: ChecksumAlgorithm | Unset = UNSET,
) -> Response[FileChecksum | Problem]:
    """Get checksum

     Of the whole file, in hexadecimal digits.

    Args:
        path (str):
        algorithm (ChecksumAlgorithm | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FileChecksum | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        algorithm=algorithm,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    path: str,
    algorithm: ChecksumAlgorithm | Unset = UNSET,
) -> FileChecksum | Problem | None:
    """Get checksum

     Of the whole file, in hexadecimal digits.

    Args:
        path (str):
        algorithm (ChecksumAlgorithm | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FileChecksum | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            algorithm=algorithm,
        )
    ).parsed
