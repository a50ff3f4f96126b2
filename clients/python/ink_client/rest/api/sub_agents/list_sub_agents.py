"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.sub_agent import SubAgent
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    session_id: None | str | Unset = UNSET,
    task_id: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_session_id: None | str | Unset
    if isinstance(session_id, Unset):
        json_session_id = UNSET
    else:
        json_session_id = session_id
    params["session_id"] = json_session_id

    json_task_id: None | str | Unset
    if isinstance(task_id, Unset):
        json_task_id = UNSET
    else:
        json_task_id = task_id
    params["task_id"] = json_task_id

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/subagents",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[SubAgent] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = SubAgent.from_dict(response_200_item_data)

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | list[SubAgent]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    session_id: None | str | Unset = UNSET,
    task_id: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[Problem | list[SubAgent]]:
    """List sub agents

     All below one session, or below those of a task, the first opened first; without both one's own,
    newest first.

    Those are left out whose conversations the credential may not read.

    Args:
        session_id (None | str | Unset):
        task_id (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[SubAgent]]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        task_id=task_id,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    session_id: None | str | Unset = UNSET,
    task_id: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Problem | list[SubAgent] | None:
    """List sub agents

     All below one session, or below those of a task, the first opened first; without both one's own,
    newest first.

    Those are left out whose conversations the credential may not read.

    Args:
        session_id (None | str | Unset):
        task_id (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[SubAgent]
    """

    return sync_detailed(
        client=client,
        session_id=session_id,
        task_id=task_id,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    session_id: None | str | Unset = UNSET,
    task_id: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[Problem | list[SubAgent]]:
    """List sub agents

     All below one session, or below those of a task, the first opened first; without both one's own,
    newest first.

    Those are left out whose conversations the credential may not read.

    Args:
        session_id (None | str | Unset):
        task_id (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[SubAgent]]
    """

    kwargs = _get_kwargs(
        session_id=session_id,
        task_id=task_id,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    session_id: None | str | Unset = UNSET,
    task_id: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Problem | list[SubAgent] | None:
    """List sub agents

     All below one session, or below those of a task, the first opened first; without both one's own,
    newest first.

    Those are left out whose conversations the credential may not read.

    Args:
        session_id (None | str | Unset):
        task_id (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[SubAgent]
    """

    return (
        await asyncio_detailed(
            client=client,
            session_id=session_id,
            task_id=task_id,
            limit=limit,
        )
    ).parsed
