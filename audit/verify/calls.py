"""Pairs every attempt (`call.proposed`) with its outcome while the events go by."""

from __future__ import annotations

import json
from typing import Any, cast

from .report import Attempt, Report
from .rows import text


class Calls:
    """Pairs attempts with outcomes while the events go by."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._attempts: dict[tuple[str, str], Attempt] = {}

    def saw(self, chain: str, name: str, kind: bytes, content: bytes) -> None:
        try:
            body = cast("dict[str, Any]", json.loads(content))
        except (ValueError, RecursionError):
            body = {}
        if type(body) is not dict or "call_id" not in body:
            self._report.problem(f"{name}: {text(kind)} names no call")
        else:
            self._pair((chain, str(body["call_id"])), name, kind, body)

    def _pair(self, key: tuple[str, str], name: str, kind: bytes, body: dict[str, Any]) -> None:
        if kind == b"call.proposed":
            self._propose(key, name, str(body.get("tool")))
        elif key not in self._attempts:
            self._report.problem(f"{name}: {text(kind)} of call {key[1]}, which was never proposed")
        elif kind == b"call.intent":
            self._attempts[key].intended = True
        elif kind == b"call.refused":
            self._end(self._attempts[key], name, "refused")
        elif kind == b"call.outcome":
            self._end(self._attempts[key], name, str(body.get("status")))

    def _propose(self, key: tuple[str, str], name: str, tool: str) -> None:
        if key in self._attempts:
            self._report.problem(f"{name}: call {key[1]} was proposed twice")
            return
        self._attempts[key] = Attempt(*key, tool)
        self._report.attempts.append(self._attempts[key])

    def _end(self, attempt: Attempt, name: str, outcome: str) -> None:
        if attempt.outcome not in ("open", "indeterminate"):
            self._report.problem(f"{name}: call {attempt.call_id} already ended as {attempt.outcome}")
        if outcome == "done" and not attempt.intended:
            self._report.problem(f"{name}: call {attempt.call_id} was done without a recorded intent")
        attempt.outcome = outcome
