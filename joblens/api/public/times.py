"""Times as the clients of JobLens write them, and windows between two of them. Pure.

Forms: RFC 3339 (`2026-04-05T10:00:00Z`, without a zone UTC), a date alone, `now`, `now-1h`, and bare `1h`, `1d`, `1w`,
which mean so long ago. Units: s, m, h, d, w.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from joblens.api.public.errors import BadQuery

LONGEST_WINDOW_S = 7 * 86400.0
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_AGO = re.compile(r"(?:now(?:-(\d{1,9})([smhdw]))?|(\d{1,9})([smhdw]))")
_SPAN = re.compile(r"(\d{1,9})(ms|[smhdw])")
FORMS = "write RFC 3339, a date, now, now-1h or 1h, 1d, 1w"


@dataclass(frozen=True)
class Window:
    """From `start` to before `end`, in seconds since the epoch."""

    start: float
    end: float


def time_of(text: str, now: float) -> float:
    """Seconds since the epoch. Raises `BadQuery`."""
    if match := _AGO.fullmatch(text.strip()):
        number, unit = match[1] or match[3], match[2] or match[4]
        return now - int(number) * _UNITS[unit] if number else now
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadQuery(f"{text[:40]!r} is no time: {FORMS}") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def span_of(text: str) -> float:
    """Seconds of `10s`, `1m`, `5m`, `1h`. Raises `BadQuery`."""
    match = _SPAN.fullmatch(text.strip())
    seconds = int(match[1]) * (_UNITS.get(match[2]) or 0.001) if match else 0.0
    if seconds <= 0:
        raise BadQuery(f"{text[:40]!r} is no interval: write 10s, 1m, 5m or 1h")
    return seconds


def window_of(start: str | None, end: str, now: float) -> Window:
    """Raises `BadQuery` for one that is missing, empty, turned around or longer than a week."""
    if start is None:
        raise BadQuery("say from when, or full_range=true for all of the job")
    window = Window(time_of(start, now), time_of(end, now))
    if window.start >= window.end:
        raise BadQuery("from must be before to")
    if window.end - window.start > LONGEST_WINDOW_S + 1:
        raise BadQuery("a window is at most 7 days; full_range=true takes all of the job")
    return window


def text_of(moment: float) -> str:
    """RFC 3339 in UTC, to the millisecond where it is not whole."""
    form = datetime.fromtimestamp(moment, UTC)
    return form.isoformat(timespec="seconds" if form.microsecond < 1000 else "milliseconds").replace("+00:00", "Z")
