"""Sessions as OpenTelemetry traces: one trace a turn (or a call outside any), one span each for turn, model and call.

Form: OTLP JSON (opentelemetry-proto, `TracesData`; ids in hex, 64-bit numbers as strings). Attributes follow the
semantic conventions for generative AI. Content (messages, arguments, results) is left out. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from audit.ledger import Event

SERVICE = "ink-harness"
_INTERNAL, _CLIENT = 1, 3
_OK, _ERROR = 1, 2


@dataclass
class _Span:
    trace: str
    name: str
    begin: datetime
    parent: str = ""
    kind: int = _INTERNAL
    end: datetime | None = None
    failed: bool = False
    attributes: dict[str, str | int] = field(default_factory=dict[str, "str | int"])

    @property
    def span_id(self) -> str:
        return _id(f"{self.trace} {self.name} {self.begin.isoformat()} {self.parent}", 16)


def traces(chain: Iterable[Event]) -> dict[str, Any]:
    """`TracesData` of one chain; what has not ended is left out."""
    spans = _Spans()
    for event in chain:
        spans.saw(event)
    ended = [_span(span) for span in spans.all if span.end is not None]
    resource = {"attributes": [_attribute("service.name", SERVICE)]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"scope": {"name": "audit"}, "spans": ended}]}]}


class _Spans:
    def __init__(self) -> None:
        self.all: list[_Span] = []
        self._turn: _Span | None = None
        self._model: _Span | None = None
        self._calls: dict[str, _Span] = {}
        self._approvals: dict[str, _Span] = {}

    def saw(self, event: Event) -> None:
        body = cast("Mapping[str, Any]", event.body)
        match event.kind:
            case "user.message" if self._turn is None:
                self._turn = self._begin("invoke_agent", event, None, {"enduser.id": body["by"]})
            case "turn.ended" if self._turn is not None:
                self._end(self._turn, event, failed=body["reason"] in ("failed", "limit"))
                self._turn = None
            case "model.asked":
                asked = {"gen_ai.operation.name": "chat", "gen_ai.request.model": body["model"]}
                self._model = self._begin(f"chat {body['model']}", event, self._turn, asked, _CLIENT)
            case "model.replied" | "model.failed" if self._model is not None:
                self._model.attributes |= _usage(body)
                self._end(self._model, event, failed=event.kind == "model.failed")
                self._model = None
            case "call.proposed" | "call.refused" | "call.outcome" | "approval.requested" | "approval.decided":
                self._call(event, body)
            case _:
                pass

    def _call(self, event: Event, body: Mapping[str, Any]) -> None:
        call_id = str(body["call_id"])
        match event.kind:
            case "call.proposed":
                about = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": body["tool"]}
                about |= {"gen_ai.tool.call.id": call_id, "enduser.id": body["principal"]}
                self._calls[call_id] = self._begin(f"execute_tool {body['tool']}", event, self._turn, about)
            case "approval.requested" if call_id in self._calls:
                self._approvals[call_id] = self._begin("approval", event, self._calls[call_id], {})
            case "approval.decided" if call_id in self._approvals:
                self._approvals[call_id].attributes |= {"ink.verdict": body["verdict"], "ink.decided_by": body["by"]}
                self._end(self._approvals.pop(call_id), event)
            case "call.refused" | "call.outcome" if call_id in self._calls:
                error = body.get("error") or (body if event.kind == "call.refused" else None)
                span = self._calls.pop(call_id)
                span.attributes |= {"error.type": str(error["code"])} if error else {}
                self._end(span, event, failed=error is not None)
            case _:
                pass

    def _begin(
        self, name: str, event: Event, parent: _Span | None, about: Mapping[str, Any], kind: int = _INTERNAL
    ) -> _Span:
        trace = parent.trace if parent else _id(f"{event.chain} {event.seq}", 32)
        attributes: dict[str, str | int] = {"gen_ai.conversation.id": event.chain, "ink.seq": event.seq, **about}
        span = _Span(trace, name, event.time, parent.span_id if parent else "", kind, attributes=attributes)
        self.all.append(span)
        return span

    def _end(self, span: _Span, event: Event, *, failed: bool = False) -> None:
        span.end, span.failed = event.time, failed


def _usage(body: Mapping[str, Any]) -> dict[str, str | int]:
    names = {"prompt_tokens": "gen_ai.usage.input_tokens", "completion_tokens": "gen_ai.usage.output_tokens"}
    return {theirs: int(body[ours]) for ours, theirs in names.items() if ours in body}


def _span(span: _Span) -> dict[str, Any]:
    assert span.end is not None, "only ended spans are written"
    return {
        "traceId": span.trace,
        "spanId": span.span_id,
        "parentSpanId": span.parent,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": _nanoseconds(span.begin),
        "endTimeUnixNano": _nanoseconds(span.end),
        "attributes": [_attribute(name, value) for name, value in sorted(span.attributes.items())],
        "status": {"code": _ERROR if span.failed else _OK},
    }


def _attribute(name: str, value: str | int) -> dict[str, Any]:
    return {"key": name, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}


def _nanoseconds(time: datetime) -> str:
    seconds = int(time.timestamp())
    return str(seconds * 1_000_000_000 + time.microsecond * 1_000)


def _id(of: str, digits: int) -> str:
    return hashlib.sha256(of.encode()).hexdigest()[:digits]
