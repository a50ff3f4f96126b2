"""Personal parts of events against their commitments, and those that are gone against the recorded erasures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from .report import Report
from .rows import Row, text


class Erasures:
    """Holds personal parts against their commitments, and those that are missing against the recorded erasures."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._missing: dict[str, set[int]] = {}
        self._recorded: list[tuple[str, int, int]] = []

    def saw(self, row: Row, name: str) -> None:
        chain, seq, kind, _, body, seal, salt, private, _, _ = row
        if kind == b"audit.erased":
            self._recorded.extend(_erased_ranges(body))
        if private is None and salt is None:
            if seal:
                self._missing.setdefault(text(chain), set()).add(seq)
        elif hashlib.sha256((salt or b"") + (private or b"")).hexdigest().encode() != seal:
            self._report.problem(f"{name}: the personal content does not match its commitment")

    def end(self) -> None:
        self._report.erased = sum(map(len, self._missing.values()))
        for chain, first, last in self._recorded:
            missing = self._missing.get(chain, set())
            missing -= {seq for seq in missing if first <= seq <= last}
        for chain, missing in self._missing.items():
            for seq in sorted(missing):
                self._report.problem(f"{chain} #{seq}: the personal content is gone and no erasure is recorded")


def _erased_ranges(body: bytes) -> Iterator[tuple[str, int, int]]:
    try:
        for chain, ranges in json.loads(body)["events"].items():
            for first, last in ranges:
                yield str(chain), int(first), int(last)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return  # an event that no ledger wrote; what it should have covered stays a problem
