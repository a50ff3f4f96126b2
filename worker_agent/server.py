"""Answers JSON-RPC 2.0 frames: parses, finds the method, validates, hands the work to `Operations`.

Dispatch is `jsonrpcserver` (see `jsonrpc`), with its methods and its context given explicitly. That library puts the
text of exceptions into its answers, so every one is translated to a `WorkerFault` before the library can see it.

Limits: knows no socket; one frame in, one frame out (empty for a notification). Raw bytes come and go beside the JSON
(`protocol.frames`), of one call in a frame.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from worker_agent.faults import fault, from_validation
from worker_agent.jsonrpc import Error, Result, Success, dispatch
from worker_agent.operations import Operations
from worker_agent.permits import PermitCheck
from worker_agent.protocol import (
    JSONRPC_APPLICATION_ERROR,
    MAX_FRAME_BYTES,
    Call,
    Frame,
    OperationState,
    PackError,
    PackMethod,
    Payload,
    Wire,
    WorkerFault,
    packed,
    unpacked,
)

_log = logging.getLogger(__name__)

WITHOUT_EFFECT = frozenset(
    {
        "worker.ping",
        "operation.outcome",
        "terminal.list",
        "process.list",
        "process.read",
        "witness.cosign",
        "files.list",
        "files.stat",
        "files.read",
        "files.digest",
        "files.page",
        "files.status",
        "files.pull",
        "files.checksum",
        "quota.show",
        "files.find",
        "archive.read",
        "trash.list",
        "upload.stat",
        "upload.list",
    }
)
"""Methods that are not remembered as operations: to repeat them is harmless, and they are asked often."""

_UNEXPECTED = WorkerFault(code="internal_error", message="The worker failed; its log on the node says why.")


class _Request(Wire):
    jsonrpc: Literal["2.0"]
    method: str
    params: dict[str, Any] | list[Any] | None = None
    id: str | int | float | None = None


_Frame = TypeAdapter[_Request | list[_Request]](_Request | Annotated[list[_Request], Field(min_length=1)])


class _Params(Wire):
    call: Call
    arguments: dict[str, JsonValue]


_Method = Callable[..., Awaitable[Result]]


@dataclass
class _Exchange:
    """The bytes that came with a frame, and those that go with its answer."""

    came: bytes
    goes: bytes = b""

    def attach(self, payload: bytes) -> None:
        if payload and self.goes:
            raise fault("bad_call", "Of the calls in one frame one may be answered with bytes; send them one by one.")
        self.goes = payload or self.goes


class _Methods(dict[str, _Method]):
    """Answers an unknown method like every other fault of ours."""

    def __missing__(self, name: str) -> _Method:
        async def unknown(*_: Any, **__: Any) -> Result:
            return _failure(fault("unknown_method", f"This worker has no method {name[:100]}.").fault)

        return unknown


class Server:
    def __init__(self, methods: Mapping[str, PackMethod], operations: Operations, permits: PermitCheck) -> None:
        self._methods = _Methods({name: _bind(name, method, operations, permits) for name, method in methods.items()})

    async def answer(self, frame: Frame) -> Frame:
        try:
            text, payload = unpacked(frame)
        except ValueError:
            _log.warning("a binary frame that cannot be read was dropped")
            return ""
        exchange = _Exchange(payload)
        answer = await dispatch(
            text,
            methods=self._methods,
            context=exchange,
            deserializer=_parse,
            validator=_Frame.validate_python,
            serializer=_serialize,
        )
        complete = packed(answer, exchange.goes)
        size = len(complete.encode()) if isinstance(complete, str) else len(complete)
        return complete if size <= MAX_FRAME_BYTES else _too_large(text)


def _bind(name: str, method: PackMethod, operations: Operations, permits: PermitCheck) -> _Method:
    async def respond(exchange: _Exchange, /, *positional: Any, **params: Any) -> Result:
        try:
            if positional:
                raise fault("bad_arguments", "Send params as an object with call and arguments.")
            return Success(await _perform(name, method, operations, permits, params, exchange))
        except PackError as error:
            return _failure(error.fault)
        except Exception:
            _log.exception("%s failed unexpectedly", name)
            return _failure(_UNEXPECTED)

    return respond


async def _perform(
    name: str,
    method: PackMethod,
    operations: Operations,
    permits: PermitCheck,
    params: dict[str, Any],
    exchange: _Exchange,
) -> BaseModel | JsonValue:
    try:
        wanted = _Params.model_validate(params)
        operations.admit(wanted.call)
        arguments = _validated(method.arguments, wanted.arguments, exchange.came)
    except ValidationError as error:
        raise from_validation(error) from error

    def known() -> bool:
        operations.admit(wanted.call)  # checking took a while: for a connection that is over no permit is used up
        return operations.outcome(wanted.call.operation_id).state is not OperationState.UNKNOWN

    as_seen = await permits.admit(name, wanted.arguments, wanted.call, known=known)
    if name in WITHOUT_EFFECT or method.without_effect:
        result = await method.handler(arguments, wanted.call)
        if isinstance(result, Payload):
            exchange.attach(result.payload)
        return result  # the frame's serializer writes it as it is
    request = hash((name, arguments.model_dump_json()))

    async def work() -> BaseModel:
        await permits.unchanged(as_seen)
        return await method.handler(arguments, wanted.call)

    return await operations.perform(wanted.call, request, work)


def _validated(model: type[BaseModel], arguments: Mapping[str, JsonValue], payload: bytes) -> BaseModel:
    """Raises ValidationError; bytes reach only what is made for them."""
    if not issubclass(model, Payload):
        return model.model_validate(arguments)
    return model.model_validate({**arguments, "payload": payload})


def _failure(what: WorkerFault) -> Result:
    return Error(JSONRPC_APPLICATION_ERROR, what.message, what.model_dump(mode="json"))


def _parse(frame: str) -> Any:
    try:
        return from_json(frame, allow_inf_nan=False)
    except ValueError:
        raise ValueError("the frame is not JSON") from None


def _serialize(answer: Any) -> str:
    return to_json(answer).decode()


def _too_large(frame: str) -> str:
    """The same answer's id with a fault: the frame was good, or there would be no large answer to it."""
    said = f"Its answer is larger than {MAX_FRAME_BYTES} bytes; ask for less."
    what = WorkerFault(code="answer_too_large", message=said)
    question = _parse(frame)
    error = {"code": JSONRPC_APPLICATION_ERROR, "message": what.message, "data": what.model_dump(mode="json")}
    identifier = cast("dict[str, JsonValue]", question).get("id") if isinstance(question, dict) else None
    return _serialize({"jsonrpc": "2.0", "error": error, "id": identifier})
