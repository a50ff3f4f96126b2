"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.event_page import EventPage
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    chain: str | Unset = "",
    kind: str | Unset = "",
    actor: str | Unset = "",
    tool: str | Unset = "",
    call_id: str | Unset = "",
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    q: str | Unset = "",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["chain"] = chain

    params["kind"] = kind

    params["actor"] = actor

    params["tool"] = tool

    params["call_id"] = call_id

    json_since: None | str | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    elif isinstance(since, datetime.datetime):
        json_since = since.isoformat()
    else:
        json_since = since
    params["since"] = json_since

    json_until: None | str | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    elif isinstance(until, datetime.datetime):
        json_until = until.isoformat()
    else:
        json_until = until
    params["until"] = json_until

    params["q"] = q

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/audit/events",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> EventPage | Problem | None:
    if response.status_code == 200:
        response_200 = EventPage.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[EventPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    chain: str | Unset = "",
    kind: str | Unset = "",
    actor: str | Unset = "",
    tool: str | Unset = "",
    call_id: str | Unset = "",
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    q: str | Unset = "",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[EventPage | Problem]:
    """Search events

     Newest first; all that is given must hold.

    Args:
        chain (str | Unset):  Default: ''.
        kind (str | Unset):  Default: ''.
        actor (str | Unset):  Default: ''.
        tool (str | Unset):  Default: ''.
        call_id (str | Unset):  Default: ''.
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        q (str | Unset):  Default: ''.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPage | Problem]
    """

    kwargs = _get_kwargs(
        chain=chain,
        kind=kind,
        actor=actor,
        tool=tool,
        call_id=call_id,
        since=since,
        until=until,
        q=q,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    chain: str | Unset = "",
    kind: str | Unset = "",
    actor: str | Unset = "",
    tool: str | Unset = "",
    call_id: str | Unset = "",
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    q: str | Unset = "",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 100,
) -> EventPage | Problem | None:
    """Search events

     Newest first; all that is given must hold.

    Args:
        chain (str | Unset):  Default: ''.
        kind (str | Unset):  Default: ''.
        actor (str | Unset):  Default: ''.
        tool (str | Unset):  Default: ''.
        call_id (str | Unset):  Default: ''.
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        q (str | Unset):  Default: ''.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPage | Problem
    """

    return sync_detailed(
        client=client,
        chain=chain,
        kind=kind,
        actor=actor,
        tool=tool,
        call_id=call_id,
        since=since,
        until=until,
        q=q,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    chain: str | Unset = "",
    kind: str | Unset = "",
    actor: str | Unset = "",
    tool: str | Unset = "",
    call_id: str | Unset = "",
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    q: str | Unset = "",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 100,
) -> Response[EventPage | Problem]:
    """Search events

     Newest first; all that is given must hold.

    Args:
        chain (str | Unset):  Default: ''.
        kind (str | Unset):  Default: ''.
        actor (str | Unset):  Default: ''.
        tool (str | Unset):  Default: ''.
        call_id (str | Unset):  Default: ''.
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        q (str | Unset):  Default: ''.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EventPage | Problem]
    """

    kwargs = _get_kwargs(
        chain=chain,
        kind=kind,
        actor=actor,
        tool=tool,
        call_id=call_id,
        since=since,
        until=until,
        q=q,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    chain: str | Unset = "",
    kind: str | Unset = "",
    actor: str | Unset = "",
    tool: str | Unset = "",
    call_id: str | Unset = "",
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    q: str | Unset = "",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 100,
) -> EventPage | Problem | None:
    """Search events

     Newest first; all that is given must hold.

    Args:
        chain (str | Unset):  Default: ''.
        kind (str | Unset):  Default: ''.
        actor (str | Unset):  Default: ''.
        tool (str | Unset):  Default: ''.
        call_id (str | Unset):  Default: ''.
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        q (str | Unset):  Default: ''.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EventPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            chain=chain,
            kind=kind,
            actor=actor,
            tool=tool,
            call_id=call_id,
            since=since,
            until=until,
            q=q,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
