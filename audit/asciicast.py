"""Terminal output as asciicast v2 lines, without what looks like a secret. Pure.

Format: https://docs.asciinema.org/manual/asciicast/v2/ with events `o` (output), `r` (resize) and `m` (marker, here for
what is missing). Times are seconds since the recording began.

Text is held back to the end of its line, or until it has stood for a moment, so that a secret that comes in pieces is
still seen as one. Limits: a secret that is printed slowly or over several lines is not recognised.
"""

from __future__ import annotations

import codecs

from audit.canonical import canonical_text
from audit.redaction import redact_text

MOST_HELD = 4096
STANDS_S = 2.0


class Cast:
    """`begun` is a Unix time in seconds; every `at` is one, too."""

    def __init__(self, begun: float, title: str) -> None:
        self._begun = begun
        self.header = canonical_text({"version": 2, "width": 80, "height": 24, "timestamp": int(begun), "title": title})
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held, self._held_at, self._last_at = "", begun, begun

    def output(self, data: bytes, at: float) -> list[str]:
        lines = self._release() if at - self._last_at > STANDS_S else []
        self._held_at = self._held_at if self._held else at
        self._last_at = at
        self._held += self._decoder.decode(data)
        whole, newline, rest = self._held.rpartition("\n")
        if len(rest) > MOST_HELD:
            return [*lines, *self._release()]
        if newline:
            lines.append(self._line(self._held_at, "o", redact_text(whole + newline)))
            self._held, self._held_at = rest, at
        return lines

    def resized(self, columns: int, rows: int, at: float) -> list[str]:
        return [*self._release(), self._line(at, "r", f"{columns}x{rows}")]

    def marked(self, what: str, at: float) -> list[str]:
        return [*self._release(), self._line(at, "m", what)]

    def end(self) -> list[str]:
        return self._release()

    def _release(self) -> list[str]:
        held, self._held = self._held, ""
        return [self._line(self._held_at, "o", redact_text(held))] if held else []

    def _line(self, at: float, code: str, data: str) -> str:
        return canonical_text([round(max(0.0, at - self._begun), 3), code, data])
