"""A real HTTP server that speaks the OpenAI chat-completions protocol from a script, with every way of going wrong.

In a test: `async with ScriptedOpenAI([...]) as server`, then `server.base_url` and `server.requests`. By hand:
`python -m tests.doubles.scripted_openai --port 9000 --script replies.json`, a JSON list of replies (`openai_script`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.doubles.openai_script import Script, ScriptedReply

HANG_S = 30.0
MODEL = "scripted"


class ScriptedOpenAI:
    """`requests` holds the body of every chat request, `headers` its headers, `received` every byte of all bodies."""

    def __init__(self, replies: Sequence[ScriptedReply], port: int = 0) -> None:
        self._script = Script(replies)
        self._released = asyncio.Event()
        self._port = port
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.received = bytearray()
        self.app = Starlette(
            routes=[Route("/v1/chat/completions", self._chat, methods=["POST"]), Route("/v1/models", self._models)]
        )

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> ScriptedOpenAI:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(self.app, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        self._server.should_exit = True
        await self._serving

    async def wait(self) -> None:
        await self._serving

    async def _models(self, _: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    async def _chat(self, request: Request) -> Response:
        self.received += await request.body()
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        reply = self._script.next(body["messages"])
        if reply.mode == "status":
            return Response(reply.body, reply.status, reply.headers, "application/json")
        if reply.mode == "garbage":
            return Response(reply.body, 200, reply.headers, "text/html")
        if reply.mode == "silent":
            await self._hang()
            return Response("", 200)
        return StreamingResponse(self._events(reply), media_type="text/event-stream")

    async def _events(self, reply: ScriptedReply) -> AsyncIterator[str]:
        if reply.mode == "keepalive":
            while not self._released.is_set():
                yield ": still here\n\n"
                await asyncio.sleep(0.01)
        deltas = list(_deltas(reply))
        yield _event({"role": "assistant", "content": ""})
        while reply.mode == "endless" and not self._released.is_set():
            yield _event({"content": reply.text})
            await asyncio.sleep(0)
        for delta in deltas if reply.mode in ("stream", "no_finish") else deltas[: max(1, len(deltas) // 2)]:
            yield _event(delta)
            await asyncio.sleep(reply.pause_s)
        if reply.mode == "stall":
            await self._hang()
        if reply.mode == "broken_off":
            raise ConnectionAbortedError
        if reply.mode == "stream":
            yield _event({}, "tool_calls" if reply.calls else "stop")
        yield _data({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}})
        yield "data: [DONE]\n\n"

    async def _hang(self) -> None:
        try:
            await asyncio.wait_for(self._released.wait(), HANG_S)
        except TimeoutError:
            return


def _deltas(reply: ScriptedReply) -> Iterator[dict[str, Any]]:
    for piece in _pieces(reply.text, reply.piece):
        yield {"content": piece}
    for index, call in enumerate(reply.calls):
        function = {"name": call.name, "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": f"call_{index}", "type": "function", "function": function}]}
        for piece in _pieces(call.text, reply.piece):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _pieces(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(0, len(text), length))


def _event(delta: dict[str, Any], finish: str | None = None) -> str:
    return _data({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _data(fields: dict[str, Any]) -> str:
    chunk = {"id": "scripted-1", "object": "chat.completion.chunk", "created": 0, "model": MODEL, **fields}
    return f"data: {json.dumps(chunk)}\n\n"


async def serve(replies: Sequence[ScriptedReply], port: int) -> None:
    async with ScriptedOpenAI(replies, port) as server:
        print(f"scripted OpenAI server on {server.base_url}", flush=True)
        await server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server that answers from a script.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--script", type=Path, required=True, help="a JSON list of replies")
    arguments = parser.parse_args()
    replies = TypeAdapter(list[ScriptedReply]).validate_json(arguments.script.read_text("utf-8"))
    asyncio.run(serve(replies, arguments.port))


if __name__ == "__main__":
    main()
