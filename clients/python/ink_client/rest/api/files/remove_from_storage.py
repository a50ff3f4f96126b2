"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    storage: str,
    *,
    path: str,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["path"] = path

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/storages/{storage}/entries".format(
            storage=quote(str(storage), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | Problem | None:
    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

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

    if response.status_code == 502:
        response_502 = Problem.from_dict(response.json())

        return response_502

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    storage: str,
    *,
    client: AuthenticatedClient,
    path: str,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Remove from storage

     For good: a file, or a directory with nothing in it.

    Args:
        storage (str):
        path (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        storage=storage,
        path=path,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    storage: str,
    *,
    client: AuthenticatedClient,
    path: str,
    idempotency_key: None | str | Unset = UNSET,
) -> Any | Problem | None:
    """Remove from storage

     For good: a file, or a directory with nothing in it.

    Args:
        storage (str):
        path (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return sync_detailed(
        storage=storage,
        client=client,
        path=path,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    storage: str,
    *,
    client: AuthenticatedClient,
    path: str,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Any | Problem]:
    """Remove from storage

     For good: a file, or a directory with nothing in it.

    Args:
        storage (str):
        path (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem]
    """

    kwargs = _get_kwargs(
        storage=storage,
        path=path,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    storage: str,
    *,
    client: AuthenticatedClient,
    path: str,
    idempotency_key: None | str | Unset = UNSET,
) -> Any | Problem | None:
    """Remove from storage

     For good: a file, or a directory with nothing in it.

    Args:
        storage (str):
        path (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem
    """

    return (
        await asyncio_detailed(
            storage=storage,
            client=client,
            path=path,
            idempotency_key=idempotency_key,
        )
    ).parsed
