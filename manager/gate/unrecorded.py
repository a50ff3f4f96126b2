"""What the ledger does not hold word for word: arguments with secrets, and results that were cut or redacted there.

A tool must get the arguments that were given, and a client the result that there was; the ledger keeps neither a
secret nor a megabyte. Limits: memory only and bounded; after a restart such a call is not run, and its result is the
recorded one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import JsonValue

from audit.canonical import canonical_json
from audit.redaction import holds_redaction
from manager.gate.call import CallState

KEPT_BYTES = 64 * 1024 * 1024


class Unrecorded:
    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._arguments: dict[str, Mapping[str, JsonValue]] = {}
        self._results: OrderedDict[str, tuple[JsonValue, int]] = OrderedDict()
        self._bytes = 0
        self._kept_bytes = kept_bytes

    def keep_arguments(self, state: CallState, given: Mapping[str, JsonValue]) -> None:
        """Until the call ends; the number of open calls is bounded by the gate."""
        if given != state.arguments or holds_redaction(dict(given)):
            self._arguments[state.call_id] = given

    def runnable(self, state: CallState) -> CallState | None:
        """The call with the arguments it was given; None where they were redacted and are gone."""
        if state.call_id in self._arguments:
            return replace(state, arguments=self._arguments[state.call_id])
        return None if holds_redaction(dict(state.arguments)) else state

    def ended(self, state: CallState, result: JsonValue) -> None:
        self._arguments.pop(state.call_id, None)
        if result == state.result:
            return
        size = len(canonical_json(result))
        self._results[state.call_id] = (result, size)
        self._bytes += size
        while self._bytes > self._kept_bytes:
            _, (_, dropped) = self._results.popitem(last=False)
            self._bytes -= dropped

    def forget(self, call_ids: Iterable[str]) -> None:
        for call_id in call_ids:
            _, size = self._results.pop(call_id, (None, 0))
            self._bytes -= size

    def whole(self, state: CallState) -> CallState:
        """The call with its whole result, while that is kept."""
        if state.call_id not in self._results:
            return state
        return replace(state, result=self._results[state.call_id][0])
