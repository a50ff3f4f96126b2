"""`/v1/chat/completions` and `/v1/models` for clients of OpenAI's interface: sessions of the harness in that form.

Errors have OpenAI's form below `/v1`. The header `Ink-Session` names a conversation, and the answer has it too.
"""

from __future__ import annotations

import asyncio
import secrets
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, cast

import orjson
from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import HTTPConnection

from ink_core.api.area import Area
from ink_core.api.security import security_of, until_signed_out
from ink_core.api.sse import event_stream
from ink_core.clock import SystemClock
from ink_core.errors import DeadlineExceeded, InkError
from manager.api.completion_errors import CompletionRoute, error_body
from manager.api.platform import Parts, Platform
from manager.api.streams import OneStream, User
from manager.completions.answering import Answer
from manager.completions.finding import Finding
from manager.completions.turning import ANY_MODEL, Completions
from manager.completions.wire import (
    AssistantMessage,
    ChatCompletion,
    ChatCompletionRequest,
    CompletionChoice,
    CompletionModel,
    CompletionModels,
    chunk,
    usage_chunk,
)

router = Area(prefix="/v1", tags=["chat completions"], route_class=CompletionRoute)
SESSION = "Ink-Session"
ANSWERED_WITHIN_S = 540.0
"""Clients of this interface wait for ten minutes by default."""


def install_completions(app: FastAPI, platform: Platform) -> None:
    finding = Finding(platform.sessions, platform.ledger)
    app.state.completions = Completions(platform.sessions, finding, platform.models)


async def completions_of(connection: HTTPConnection) -> Completions:
    return cast(Completions, connection.app.state.completions)


Desk = Annotated[Completions, Depends(completions_of)]


@router.get("/models")
async def list_completion_models(principal: User, platform: Parts) -> CompletionModels:
    """`ink`, which is the site's choice, and each model by its name."""
    return CompletionModels(data=_models(platform))


@router.get("/models/{model}")
async def get_completion_model(model: str, principal: User, platform: Parts) -> CompletionModel:
    """One of them."""
    named = platform.models.default if model == ANY_MODEL else platform.models.named(model)
    return CompletionModel(id=model, owned_by=named.trust.value)


@router.post("/chat/completions", response_model=ChatCompletion, dependencies=[OneStream])
async def create_chat_completion(
    request: Request,
    asked: ChatCompletionRequest,
    principal: User,
    desk: Desk,
    ink_session: Annotated[str | None, Header(max_length=64)] = None,
) -> Response:
    """Posts the last message to a conversation and answers with its turn; the messages before tell which it is."""
    begun = await desk.begin(principal, asked, ink_session)
    answer = Answer(security_of(request).public_url.rstrip("/"))
    pieces = desk.answer(principal, begun, answer)
    headers = {SESSION: begun.view.session_id}
    if asked.stream:
        with_usage = asked.stream_options is not None and asked.stream_options.include_usage
        streamed = event_stream(_frames(asked.model, pieces, answer, with_usage=with_usage), request)
        streamed.headers.update(headers)
        return streamed
    text = await _whole(request, pieces)
    return JSONResponse(_completion(asked.model, text, answer).model_dump(), headers=headers)


async def _frames(
    model: str, pieces: AsyncGenerator[str], answer: Answer, *, with_usage: bool
) -> AsyncGenerator[bytes]:
    head = _completion(model, "", answer)
    yield _frame(chunk(head, {"role": "assistant", "content": ""}))
    try:
        async with aclosing(pieces):
            async for text in pieces:
                yield _frame(chunk(head, {"content": text}))
    except InkError as error:
        yield _frame(error_body(error).model_dump())
        return
    yield _frame(chunk(head, {}, answer.finish))
    if with_usage:
        yield _frame(usage_chunk(head.model_copy(update={"usage": answer.usage})))
    yield b"data: [DONE]\n\n"


async def _whole(request: Request, pieces: AsyncGenerator[str]) -> str:
    """The text, while the client waits and its credential is good. Raises `DeadlineExceeded`, or what the turn does."""
    async with aclosing(pieces):
        reading = asyncio.create_task(_joined(pieces))
        leaving = [asyncio.create_task(_disconnected(request)), asyncio.create_task(until_signed_out(request))]
        try:
            done, _ = await asyncio.wait({reading, *leaving}, timeout=ANSWERED_WITHIN_S, return_when=FIRST_COMPLETED)
            if reading in done or not done:
                return await _in_time(reading)
            await asyncio.gather(*(task for task in leaving if task in done))
            return ""  # nobody reads it
        finally:
            for task in (reading, *leaving):
                task.cancel()
            await asyncio.gather(reading, *leaving, return_exceptions=True)


async def _in_time(reading: asyncio.Task[str]) -> str:
    if not reading.done():
        raise DeadlineExceeded(
            f"no answer within {ANSWERED_WITHIN_S:.0f} s; it was stopped: ask with stream for long work"
        )
    return reading.result()


async def _joined(pieces: AsyncGenerator[str]) -> str:
    return "".join([text async for text in pieces])


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _completion(model: str, text: str, answer: Answer) -> ChatCompletion:
    choice = CompletionChoice(message=AssistantMessage(content=text), finish_reason=answer.finish)
    return ChatCompletion(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(SystemClock().now().timestamp()),
        model=model,
        choices=[choice],
        usage=answer.usage,
    )


def _models(platform: Platform) -> list[CompletionModel]:
    first = CompletionModel(id=ANY_MODEL, owned_by=platform.models.default.trust.value)
    return [first, *(CompletionModel(id=one.name, owned_by=one.trust.value) for one in platform.models.models)]


def _frame(body: dict[str, Any]) -> bytes:
    return b"data: %s\n\n" % orjson.dumps(body)
