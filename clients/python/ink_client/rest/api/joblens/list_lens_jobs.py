"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lens_job_page import LensJobPage
from ...models.list_lens_jobs_state_type_0_item import ListLensJobsStateType0Item
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    cluster: None | str | Unset = UNSET,
    user: None | str | Unset = UNSET,
    user_group: None | str | Unset = UNSET,
    host: None | str | Unset = UNSET,
    node_group: None | str | Unset = UNSET,
    state: list[ListLensJobsStateType0Item] | None | Unset = UNSET,
    q: str | Unset = "",
    since: float | None | Unset = UNSET,
    until: float | None | Unset = UNSET,
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

    json_user: None | str | Unset
    if isinstance(user, Unset):
        json_user = UNSET
    else:
        json_user = user
    params["user"] = json_user

    json_user_group: None | str | Unset
    if isinstance(user_group, Unset):
        json_user_group = UNSET
    else:
        json_user_group = user_group
    params["user_group"] = json_user_group

    json_host: None | str | Unset
    if isinstance(host, Unset):
        json_host = UNSET
    else:
        json_host = host
    params["host"] = json_host

    json_node_group: None | str | Unset
    if isinstance(node_group, Unset):
        json_node_group = UNSET
    else:
        json_node_group = node_group
    params["node_group"] = json_node_group

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

    json_since: float | None | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    else:
        json_since = since
    params["since"] = json_since

    json_until: float | None | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    else:
        json_until = until
    params["until"] = json_until

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
        "url": "/api/v1/joblens/jobs",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> LensJobPage | Problem | None:
    if response.status_code == 200:
        response_200 = LensJobPage.from_dict(response.json())

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LensJobPage | Problem]:
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
    user: None | str | Unset = UNSET,
    user_group: None | str | Unset = UNSET,
    host: None | str | Unset = UNSET,
    node_group: None | str | Unset = UNSET,
    state: list[ListLensJobsStateType0Item] | None | Unset = UNSET,
    q: str | Unset = "",
    since: float | None | Unset = UNSET,
    until: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[LensJobPage | Problem]:
    """List lens jobs

     Newest first: one's own, and for administrators everybody's.

    Args:
        cluster (None | str | Unset):
        user (None | str | Unset):
        user_group (None | str | Unset): A group of the platform's users.
        host (None | str | Unset):
        node_group (None | str | Unset): As the site's settings name it.
        state (list[ListLensJobsStateType0Item] | None | Unset):
        q (str | Unset): In the id, name or user. Default: ''.
        since (float | None | Unset): Seen at or after; seconds since the epoch.
        until (float | None | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensJobPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        user=user,
        user_group=user_group,
        host=host,
        node_group=node_group,
        state=state,
        q=q,
        since=since,
        until=until,
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
    user: None | str | Unset = UNSET,
    user_group: None | str | Unset = UNSET,
    host: None | str | Unset = UNSET,
    node_group: None | str | Unset = UNSET,
    state: list[ListLensJobsStateType0Item] | None | Unset = UNSET,
    q: str | Unset = "",
    since: float | None | Unset = UNSET,
    until: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> LensJobPage | Problem | None:
    """List lens jobs

     Newest first: one's own, and for administrators everybody's.

    Args:
        cluster (None | str | Unset):
        user (None | str | Unset):
        user_group (None | str | Unset): A group of the platform's users.
        host (None | str | Unset):
        node_group (None | str | Unset): As the site's settings name it.
        state (list[ListLensJobsStateType0Item] | None | Unset):
        q (str | Unset): In the id, name or user. Default: ''.
        since (float | None | Unset): Seen at or after; seconds since the epoch.
        until (float | None | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensJobPage | Problem
    """

    return sync_detailed(
        client=client,
        cluster=cluster,
        user=user,
        user_group=user_group,
        host=host,
        node_group=node_group,
        state=state,
        q=q,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    cluster: None | str | Unset = UNSET,
    user: None | str | Unset = UNSET,
    user_group: None | str | Unset = UNSET,
    host: None | str | Unset = UNSET,
    node_group: None | str | Unset = UNSET,
    state: list[ListLensJobsStateType0Item] | None | Unset = UNSET,
    q: str | Unset = "",
    since: float | None | Unset = UNSET,
    until: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[LensJobPage | Problem]:
    """List lens jobs

     Newest first: one's own, and for administrators everybody's.

    Args:
        cluster (None | str | Unset):
        user (None | str | Unset):
        user_group (None | str | Unset): A group of the platform's users.
        host (None | str | Unset):
        node_group (None | str | Unset): As the site's settings name it.
        state (list[ListLensJobsStateType0Item] | None | Unset):
        q (str | Unset): In the id, name or user. Default: ''.
        since (float | None | Unset): Seen at or after; seconds since the epoch.
        until (float | None | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LensJobPage | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        user=user,
        user_group=user_group,
        host=host,
        node_group=node_group,
        state=state,
        q=q,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    cluster: None | str | Unset = UNSET,
    user: None | str | Unset = UNSET,
    user_group: None | str | Unset = UNSET,
    host: None | str | Unset = UNSET,
    node_group: None | str | Unset = UNSET,
    state: list[ListLensJobsStateType0Item] | None | Unset = UNSET,
    q: str | Unset = "",
    since: float | None | Unset = UNSET,
    until: float | None | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 200,
) -> LensJobPage | Problem | None:
    """List lens jobs

     Newest first: one's own, and for administrators everybody's.

    Args:
        cluster (None | str | Unset):
        user (None | str | Unset):
        user_group (None | str | Unset): A group of the platform's users.
        host (None | str | Unset):
        node_group (None | str | Unset): As the site's settings name it.
        state (list[ListLensJobsStateType0Item] | None | Unset):
        q (str | Unset): In the id, name or user. Default: ''.
        since (float | None | Unset): Seen at or after; seconds since the epoch.
        until (float | None | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LensJobPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            cluster=cluster,
            user=user,
            user_group=user_group,
            host=host,
            node_group=node_group,
            state=state,
            q=q,
            since=since,
            until=until,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
