"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.enveloped_health_data import EnvelopedHealthData
from ...models.lens_error import LensError
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/data/health",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EnvelopedHealthData | LensError | None:
    if response.status_code == 200:
        response_200 = EnvelopedHealthData.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = LensError.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = LensError.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = LensError.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = LensError.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = LensError.from_dict(response.json())

        return response_409

    if response.status_code == 410:
        response_410 = LensError.from_dict(response.json())

        return response_410

    if response.status_code == 429:
        response_429 = LensError.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = LensError.from_dict(response.json())

        return response_503

    if response.status_code == 504:
        response_504 = LensError.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[EnvelopedHealthData | LensError]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[EnvelopedHealthData | LensError]:
    """Get lens health

     The process answers; asks nothing else.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnvelopedHealthData | LensError]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> EnvelopedHealthData | LensError | None:
    """Get lens health

     The process answers; asks nothing else.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnvelopedHealthData | LensError
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[EnvelopedHealthData | LensError]:
    """Get lens health

     The process answers; asks nothing else.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EnvelopedHealthData | LensError]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> EnvelopedHealthData | LensError | None:
    """Get lens health

     The process answers; asks nothing else.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EnvelopedHealthData | LensError
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
