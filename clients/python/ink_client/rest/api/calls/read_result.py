"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.result_piece import ResultPiece
from ...types import UNSET, Response, Unset


def _get_kwargs(
    call_id: str,
    *,
    pointer: str | Unset = "",
    offset: int | Unset = 0,
    most_bytes: int | Unset = 8000,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["pointer"] = pointer

    params["offset"] = offset

    params["most_bytes"] = most_bytes

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/calls/{call_id}/result".format(
            call_id=quote(str(call_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | ResultPiece | None:
    if response.status_code == 200:
        response_200 = ResultPiece.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[Problem | ResultPiece]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    call_id: str,
    *,
    client: AuthenticatedClient,
    pointer: str | Unset = "",
    offset: int | Unset = 0,
    most_bytes: int | Unset = 8000,
) -> Response[Problem | ResultPiece]:
    """Read result

     A piece of the whole result of one of the caller's ended calls.

    Args:
        call_id (str):
        pointer (str | Unset):  Default: ''.
        offset (int | Unset):  Default: 0.
        most_bytes (int | Unset):  Default: 8000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ResultPiece]
    """

    kwargs = _get_kwargs(
        call_id=call_id,
        pointer=pointer,
        offset=offset,
        most_bytes=most_bytes,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    call_id: str,
    *,
    client: AuthenticatedClient,
    pointer: str | Unset = "",
    offset: int | Unset = 0,
    most_bytes: int | Unset = 8000,
) -> Problem | ResultPiece | None:
    """Read result

     A piece of the whole result of one of the caller's ended calls.

    Args:
        call_id (str):
        pointer (str | Unset):  Default: ''.
        offset (int | Unset):  Default: 0.
        most_bytes (int | Unset):  Default: 8000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ResultPiece
    """

    return sync_detailed(
        call_id=call_id,
        client=client,
        pointer=pointer,
        offset=offset,
        most_bytes=most_bytes,
    ).parsed


async def asyncio_detailed(
    call_id: str,
    *,
    client: AuthenticatedClient,
    pointer: str | Unset = "",
    offset: int | Unset = 0,
    most_bytes: int | Unset = 8000,
) -> Response[Problem | ResultPiece]:
    """Read result

     A piece of the whole result of one of the caller's ended calls.

    Args:
        call_id (str):
        pointer (str | Unset):  Default: ''.
        offset (int | Unset):  Default: 0.
        most_bytes (int | Unset):  Default: 8000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | ResultPiece]
    """

    kwargs = _get_kwargs(
        call_id=call_id,
        pointer=pointer,
        offset=offset,
        most_bytes=most_bytes,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    call_id: str,
    *,
    client: AuthenticatedClient,
    pointer: str | Unset = "",
    offset: int | Unset = 0,
    most_bytes: int | Unset = 8000,
) -> Problem | ResultPiece | None:
    """Read result

     A piece of the whole result of one of the caller's ended calls.

    Args:
        call_id (str):
        pointer (str | Unset):  Default: ''.
        offset (int | Unset):  Default: 0.
        most_bytes (int | Unset):  Default: 8000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | ResultPiece
    """

    return (
        await asyncio_detailed(
            call_id=call_id,
            client=client,
            pointer=pointer,
            offset=offset,
            most_bytes=most_bytes,
        )
    ).parsed
