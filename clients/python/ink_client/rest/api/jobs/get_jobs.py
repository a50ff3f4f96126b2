"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job_page import JobPage
from ...models.job_state import JobState
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: None | str | Unset = UNSET,
    owner: None | str | Unset = UNSET,
    state: list[JobState] | None | Unset = UNSET,
    q: str | Unset = "",
    array: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_cluster: None | str | Unset
    if isinstance(cluster, Unset):
        json_cluster = UNSET
    else:
        json_cluster = cluster
    params["cluster"] = json_cluster

    json_owner: None | str | Unset
    if isinstance(owner, Unset):
        json_owner = UNSET
    else:
        json_owner = owner
    params["owner"] = json_owner

    json_state: list[str] | None | Unset
    if isinstance(state, Unset):
        json_state = UNSET
    elif isinstance(state, list):
        json_state = []
        for state_type_0_item_data in state:
            state_type_0_item = state_type_0_item_data.value
            json_state.append(state_type_0_item)

    else:
        json_state = state
    params["state"] = json_state

    params["q"] = q

    json_array: None | str | Unset
    if isinstance(array, Unset):
        json_array = UNSET
    else:
        json_array = array
    params["array"] = json_array

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
        "url": "/api/v1/jobs",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> JobPage | Problem | None:
    if response.status_code == 200:
        response_200 = JobPage.from_dict(response.json())

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[JobPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    cluster: None | str | Unset = UNSET,
    owner: None | str | Unset = UNSET,
    state: list[JobState] | None | Unset = UNSET,
    q: str | Unset = "",
    array: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[JobPage | Problem]:
    """Get jobs

     Newest first, of one user: one's own without `owner`.

    Args:
        cluster (None | str | Unset):
        owner (None | str | Unset):
        state (list[JobState] | None | Unset):
        q (str | Unset):  Default: ''.
        array (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        owner=owner,
        state=state,
        q=q,
        array=array,
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
    cluster: None | str | Unset = UNSET,
    owner: None | str | Unset = UNSET,
    state: list[JobState] | None | Unset = UNSET,
    q: str | Unset = "",
    array: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> JobPage | Problem | None:
    """Get jobs

     Newest first, of one user: one's own without `owner`.

    Args:
        cluster (None | str | Unset):
        owner (None | str | Unset):
        state (list[JobState] | None | Unset):
        q (str | Unset):  Default: ''.
        array (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobPage | Problem
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        owner=owner,
        state=state,
        q=q,
        array=array,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: None | str | Unset = UNSET,
    owner: None | str | Unset = UNSET,
    state: list[JobState] | None | Unset = UNSET,
    q: str | Unset = "",
    array: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[JobPage | Problem]:
    """Get jobs

     Newest first, of one user: one's own without `owner`.

    Args:
        cluster (None | str | Unset):
        owner (None | str | Unset):
        state (list[JobState] | None | Unset):
        q (str | Unset):  Default: ''.
        array (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        owner=owner,
        state=state,
        q=q,
        array=array,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: None | str | Unset = UNSET,
    owner: None | str | Unset = UNSET,
    state: list[JobState] | None | Unset = UNSET,
    q: str | Unset = "",
    array: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> JobPage | Problem | None:
    """Get jobs

     Newest first, of one user: one's own without `owner`.

    Args:
        cluster (None | str | Unset):
        owner (None | str | Unset):
        state (list[JobState] | None | Unset):
        q (str | Unset):  Default: ''.
        array (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            owner=owner,
            state=state,
            q=q,
            array=array,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
