"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deleted import Deleted
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    path: str,
    recursive: bool | Unset = False,
    permanently: bool | Unset = False,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["path"] = path

    params["recursive"] = recursive

    params["permanently"] = permanently

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/files",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Deleted | Problem | None:
    if response.status_code == 200:
        response_200 = Deleted.from_dict(response.json())

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

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Deleted | Problem]:
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
    recursive: bool | Unset = False,
    permanently: bool | Unset = False,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Deleted | Problem]:
    """Delete path

     Into the trash; a directory that holds something needs `recursive`.

    Args:
        path (str):
        recursive (bool | Unset):  Default: False.
        permanently (bool | Unset): Past the trash; of a directory this needs an approval.
            Default: False.
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        recursive=recursive,
        permanently=permanently,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    path: str,
    recursive: bool | Unset = False,
    permanently: bool | Unset = False,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Deleted | Problem | None:
    """Delete path

     Into the trash; a directory that holds something needs `recursive`.

    Args:
        path (str):
        recursive (bool | Unset):  Default: False.
        permanently (bool | Unset): Past the trash; of a directory this needs an approval.
            Default: False.
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
    """

    return sync_detailed(
        client=client,
        path=path,
        recursive=recursive,
        permanently=permanently,
        if_match=if_match,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    path: str,
    recursive: bool | Unset = False,
    permanently: bool | Unset = False,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Deleted | Problem]:
    """Delete path

     Into the trash; a directory that holds something needs `recursive`.

    Args:
        path (str):
        recursive (bool | Unset):  Default: False.
        permanently (bool | Unset): Past the trash; of a directory this needs an approval.
            Default: False.
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deleted | Problem]
    """

    kwargs = _get_kwargs(
        path=path,
        recursive=recursive,
        permanently=permanently,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    path: str,
    recursive: bool | Unset = False,
    permanently: bool | Unset = False,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Deleted | Problem | None:
    """Delete path

     Into the trash; a directory that holds something needs `recursive`.

    Args:
        path (str):
        recursive (bool | Unset):  Default: False.
        permanently (bool | Unset): Past the trash; of a directory this needs an approval.
            Default: False.
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deleted | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            path=path,
            recursive=recursive,
            permanently=permanently,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )
    ).parsed
