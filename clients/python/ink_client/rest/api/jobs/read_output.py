"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.output_text import OutputText
from ...models.problem import Problem
from ...models.read_output_stream import ReadOutputStream
from ...types import UNSET, Response, Unset


def _get_kwargs(
    cluster: str,
    job_id: str,
    *,
    stream: ReadOutputStream | Unset = ReadOutputStream.STDOUT,
    offset: int | Unset = 0,
    length: int | Unset = 65536,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_stream: str | Unset = UNSET
    if not isinstance(stream, Unset):
        json_stream = stream.value

    params["stream"] = json_stream

    params["offset"] = offset

    params["length"] = length

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/jobs/{cluster}/{job_id}/output".format(
            cluster=quote(str(cluster), safe=""),
            job_id=quote(str(job_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> OutputText | Problem | None:
    if response.status_code == 200:
        response_200 = OutputText.from_dict(response.json())

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

    if response.status_code == 507:
        response_507 = Problem.from_dict(response.json())

        return response_507

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OutputText | Problem]:
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
    stream: ReadOutputStream | Unset = ReadOutputStream.STDOUT,
    offset: int | Unset = 0,
    length: int | Unset = 65536,
) -> Response[OutputText | Problem]:
    """Read output

     A piece of what the job has written so far.

    Args:
        cluster (str):
        job_id (str):
        stream (ReadOutputStream | Unset):  Default: ReadOutputStream.STDOUT.
        offset (int | Unset): Negative: so many from the end. Default: 0.
        length (int | Unset):  Default: 65536.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OutputText | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job_id=job_id,
        stream=stream,
        offset=offset,
        length=length,
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
    stream: ReadOutputStream | Unset = ReadOutputStream.STDOUT,
    offset: int | Unset = 0,
    length: int | Unset = 65536,
) -> OutputText | Problem | None:
    """Read output

     A piece of what the job has written so far.

    Args:
        cluster (str):
        job_id (str):
        stream (ReadOutputStream | Unset):  Default: ReadOutputStream.STDOUT.
        offset (int | Unset): Negative: so many from the end. Default: 0.
        length (int | Unset):  Default: 65536.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OutputText | Problem
    """

    return sync_detailed(
        cluster=cluster,
        job_id=job_id,
        client=client,
        stream=stream,
        offset=offset,
        length=length,
    ).parsed


async def asyncio_detailed(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    stream: ReadOutputStream | Unset = ReadOutputStream.STDOUT,
    offset: int | Unset = 0,
    length: int | Unset = 65536,
) -> Response[OutputText | Problem]:
    """Read output

     A piece of what the job has written so far.

    Args:
        cluster (str):
        job_id (str):
        stream (ReadOutputStream | Unset):  Default: ReadOutputStream.STDOUT.
        offset (int | Unset): Negative: so many from the end. Default: 0.
        length (int | Unset):  Default: 65536.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OutputText | Problem]
    """

    kwargs = _get_kwargs(
        cluster=cluster,
        job_id=job_id,
        stream=stream,
        offset=offset,
        length=length,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    cluster: str,
    job_id: str,
    *,
    client: AuthenticatedClient,
    stream: ReadOutputStream | Unset = ReadOutputStream.STDOUT,
    offset: int | Unset = 0,
    length: int | Unset = 65536,
) -> OutputText | Problem | None:
    """Read output

     A piece of what the job has written so far.

    Args:
        cluster (str):
        job_id (str):
        stream (ReadOutputStream | Unset):  Default: ReadOutputStream.STDOUT.
        offset (int | Unset): Negative: so many from the end. Default: 0.
        length (int | Unset):  Default: 65536.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OutputText | Problem
    """

    return (
        await asyncio_detailed(
            cluster=cluster,
            job_id=job_id,
            client=client,
            stream=stream,
            offset=offset,
            length=length,
        )
    ).parsed
