"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.approval_view import ApprovalView
from ...models.list_approvals_state import ListApprovalsState
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    state: ListApprovalsState | Unset = ListApprovalsState.PENDING,
    limit: int | Unset = 500,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state.value

    params["state"] = json_state

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/approvals",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[ApprovalView] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = ApprovalView.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | list[ApprovalView]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    state: ListApprovalsState | Unset = ListApprovalsState.PENDING,
    limit: int | Unset = 500,
) -> Response[Problem | list[ApprovalView]]:
    """List approvals

     What waits first: the highest risk, then the oldest; then what is decided, the newest first.

    Args:
        state (ListApprovalsState | Unset):  Default: ListApprovalsState.PENDING.
        limit (int | Unset):  Default: 500.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[ApprovalView]]
    """

    kwargs = _get_kwargs(
        state=state,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    state: ListApprovalsState | Unset = ListApprovalsState.PENDING,
    limit: int | Unset = 500,
) -> Problem | list[ApprovalView] | None:
    """List approvals

     What waits first: the highest risk, then the oldest; then what is decided, the newest first.

    Args:
        state (ListApprovalsState | Unset):  Default: ListApprovalsState.PENDING.
        limit (int | Unset):  Default: 500.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[ApprovalView]
    """

    return sync_detailed(
        client=client,
        state=state,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    state: ListApprovalsState | Unset = ListApprovalsState.PENDING,
    limit: int | Unset = 500,
) -> Response[Problem | list[ApprovalView]]:
    """List approvals

     What waits first: the highest risk, then the oldest; then what is decided, the newest first.

    Args:
        state (ListApprovalsState | Unset):  Default: ListApprovalsState.PENDING.
        limit (int | Unset):  Default: 500.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[ApprovalView]]
    """

    kwargs = _get_kwargs(
        state=state,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    state: ListApprovalsState | Unset = ListApprovalsState.PENDING,
    limit: int | Unset = 500,
) -> Problem | list[ApprovalView] | None:
    """List approvals

     What waits first: the highest risk, then the oldest; then what is decided, the newest first.

    Args:
        state (ListApprovalsState | Unset):  Default: ListApprovalsState.PENDING.
        limit (int | Unset):  Default: 500.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[ApprovalView]
    """

    return (
        await asyncio_detailed(
            client=client,
            state=state,
            limit=limit,
        )
    ).parsed
