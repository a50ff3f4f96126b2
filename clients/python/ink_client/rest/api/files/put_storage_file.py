"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.new_storage_file import NewStorageFile
from ...models.problem import Problem
from ...models.storage_entry import StorageEntry
from ...types import UNSET, Response, Unset


def _get_kwargs(
    storage: str,
    *,
    body: NewStorageFile,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/storages/{storage}/files".format(
            storage=quote(str(storage), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | StorageEntry | None:
    if response.status_code == 201:
        response_201 = StorageEntry.from_dict(response.json())

        return response_201

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | StorageEntry]:
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
    body: NewStorageFile,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Problem | StorageEntry]:
    """Put storage file

     The file of an upload, whole or not at all; directories above it are made.

    The upload stays until it is dropped or expires, so that this can be sent again.

    Args:
        storage (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (NewStorageFile): `upload_id` names an upload without a path, all of whose bytes have
            come.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StorageEntry]
    """

    kwargs = _get_kwargs(
        storage=storage,
        body=body,
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
    body: NewStorageFile,
    idempotency_key: None | str | Unset = UNSET,
) -> Problem | StorageEntry | None:
    """Put storage file

     The file of an upload, whole or not at all; directories above it are made.

    The upload stays until it is dropped or expires, so that this can be sent again.

    Args:
        storage (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (NewStorageFile): `upload_id` names an upload without a path, all of whose bytes have
            come.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StorageEntry
    """

    return sync_detailed(
        storage=storage,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    storage: str,
    *,
    client: AuthenticatedClient,
    body: NewStorageFile,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Problem | StorageEntry]:
    """Put storage file

     The file of an upload, whole or not at all; directories above it are made.

    The upload stays until it is dropped or expires, so that this can be sent again.

    Args:
        storage (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (NewStorageFile): `upload_id` names an upload without a path, all of whose bytes have
            come.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | StorageEntry]
    """

    kwargs = _get_kwargs(
        storage=storage,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    storage: str,
    *,
    client: AuthenticatedClient,
    body: NewStorageFile,
    idempotency_key: None | str | Unset = UNSET,
) -> Problem | StorageEntry | None:
    """Put storage file

     The file of an upload, whole or not at all; directories above it are made.

    The upload stays until it is dropped or expires, so that this can be sent again.

    Args:
        storage (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (NewStorageFile): `upload_id` names an upload without a path, all of whose bytes have
            come.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | StorageEntry
    """

    return (
        await asyncio_detailed(
            storage=storage,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
