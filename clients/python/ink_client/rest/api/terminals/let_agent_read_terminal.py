"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.reading import Reading
from ...models.session import Session
from ...types import Response


def _get_kwargs(
    session_id: str,
    worker_id: str,
    terminal_id: str,
    *,
    body: Reading,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/sessions/{session_id}/terminals/{worker_id}/{terminal_id}".format(
            session_id=quote(str(session_id), safe=""),
            worker_id=quote(str(worker_id), safe=""),
            terminal_id=quote(str(terminal_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | Session | None:
    if response.status_code == 200:
        response_200 = Session.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | Session]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    session_id: str,
    worker_id: str,
    terminal_id: str,
    *,
    client: AuthenticatedClient,
    body: Reading,
) -> Response[Problem | Session]:
    """Let agent read terminal

     Of one's own worker alone: the agent of this conversation may read the terminal (`read_terminal`),
    or no more.

    Args:
        session_id (str):
        worker_id (str):
        terminal_id (str):
        body (Reading):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Session]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        worker_id=worker_id,
        terminal_id=terminal_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    session_id: str,
    worker_id: str,
    terminal_id: str,
    *,
    client: AuthenticatedClient,
    body: Reading,
) -> Problem | Session | None:
    """Let agent read terminal

     Of one's own worker alone: the agent of this conversation may read the terminal (`read_terminal`),
    or no more.

    Args:
        session_id (str):
        worker_id (str):
        terminal_id (str):
        body (Reading):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Session
    """

    return sync_detailed(
        session_id=session_id,
        worker_id=worker_id,
        terminal_id=terminal_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    session_id: str,
    worker_id: str,
    terminal_id: str,
    *,
    client: AuthenticatedClient,
    body: Reading,
) -> Response[Problem | Session]:
    """Let agent read terminal

     Of one's own worker alone: the agent of this conversation may read the terminal (`read_terminal`),
    or no more.

    Args:
        session_id (str):
        worker_id (str):
        terminal_id (str):
        body (Reading):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Session]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        worker_id=worker_id,
        terminal_id=terminal_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    session_id: str,
    worker_id: str,
    terminal_id: str,
    *,
    client: AuthenticatedClient,
    body: Reading,
) -> Problem | Session | None:
    """Let agent read terminal

     Of one's own worker alone: the agent of this conversation may read the terminal (`read_terminal`),
    or no more.

    Args:
        session_id (str):
        worker_id (str):
        terminal_id (str):
        body (Reading):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Session
    """

    return (
        await asyncio_detailed(
            session_id=session_id,
            worker_id=worker_id,
            terminal_id=terminal_id,
            client=client,
            body=body,
        )
    ).parsed
