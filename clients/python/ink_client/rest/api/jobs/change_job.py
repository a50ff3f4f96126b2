"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job import Job
from ...models.job_changes import JobChanges
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    job_id: str,
    *,
    body: JobChanges,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/jobs/{cluster}/{job_id}".format(
            cluster=quote(str(cluster), safe=""),
            job_id=quote(str(job_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Job | Problem | None:
    if response.status_code == 200:
        response_200 = Job.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Job | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    body: JobChanges,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Change job

     Change what it asks for, with `If-Match` only if it is as it was seen.

    Args:
        cluster (str):
        job_id (str):
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (JobChanges): What to change of jobs that are in the queue; None leaves a thing as it
            is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job_id=job_id,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    body: JobChanges,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Job | Problem | None:
    """Change job

     Change what it asks for, with `If-Match` only if it is as it was seen.

    Args:
        cluster (str):
        job_id (str):
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (JobChanges): What to change of jobs that are in the queue; None leaves a thing as it
            is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Job | Problem
    """

    return sync_detailed(
        cluster=cluster,
        job_id=job_id,
        client=client,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    body: JobChanges,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Response[Job | Problem]:
    """Change job

     Change what it asks for, with `If-Match` only if it is as it was seen.

    Args:
        cluster (str):
        job_id (str):
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (JobChanges): What to change of jobs that are in the queue; None leaves a thing as it
            is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Job | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job_id=job_id,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    body: JobChanges,
    if_match: None | str | Unset = UNSET,
    idempotency_key: None | str | Unset = UNSET,
) -> Job | Problem | None:
    """Change job

     Change what it asks for, with `If-Match` only if it is as it was seen.

    Args:
        cluster (str):
        job_id (str):
        if_match (None | str | Unset): Only while it is as it was seen; else 412.
        idempotency_key (None | str | Unset): Names this request among your own, so that it can be
            sent again without harm.
        body (JobChanges): What to change of jobs that are in the queue; None leaves a thing as it
            is.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Job | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            job_id=job_id,
            client=client,
            body=body,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )
    ).parsed
