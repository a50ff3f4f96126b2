"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.act_request import ActRequest
from ...models.call_view import CallView
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    incident_id: str,
    *,
    body: ActRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/incidents/{incident_id}/act".format(
            incident_id=quote(str(incident_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CallView | Problem | None:
    if response.status_code == 200:
        response_200 = CallView.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CallView | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    incident_id: str,
    *,
    client: AuthenticatedClient,
    body: ActRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[CallView | Problem]:
    """Act on incident

     Put one of the proposed calls to the gate, as the caller's own; it may wait for an approval.

    Args:
        incident_id (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (ActRequest): `proposal` is the name of one of the proposals of its diagnosis.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallView | Problem]
    """

    kwargs = _get_kwargs(
        incident_id=incident_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    incident_id: str,
    *,
    client: AuthenticatedClient,
    body: ActRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> CallView | Problem | None:
    """Act on incident

     Put one of the proposed calls to the gate, as the caller's own; it may wait for an approval.

    Args:
        incident_id (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (ActRequest): `proposal` is the name of one of the proposals of its diagnosis.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallView | Problem
    """

    return sync_detailed(
        incident_id=incident_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    incident_id: str,
    *,
    client: AuthenticatedClient,
    body: ActRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[CallView | Problem]:
    """Act on incident

     Put one of the proposed calls to the gate, as the caller's own; it may wait for an approval.

    Args:
        incident_id (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (ActRequest): `proposal` is the name of one of the proposals of its diagnosis.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallView | Problem]
    """

    kwargs = _get_kwargs(
        incident_id=incident_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    incident_id: str,
    *,
    client: AuthenticatedClient,
    body: ActRequest,
    idempotency_key: None | str | Unset = UNSET,
) -> CallView | Problem | None:
    """Act on incident

     Put one of the proposed calls to the gate, as the caller's own; it may wait for an approval.

    Args:
        incident_id (str):
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (ActRequest): `proposal` is the name of one of the proposals of its diagnosis.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallView | Problem
    """

    return (
        await asyncio_detailed(
            incident_id=incident_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
