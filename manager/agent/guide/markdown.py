"""Markdown from untrusted values: whatever a job or a file is called, it can be no link, no image and no markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

CELL_CHARS = 80
BLOCK_CHARS = 6000


def code(value: JsonValue) -> str:
    """An inline code span on one line; a dash for nothing."""
    if value is None or value == "":
        return "–"
    text = " ".join(str(value).replace("`", "'").split())
    return f"`{text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + '…'}`"


def plain(value: JsonValue) -> str:
    """Text of others inside our sentence, with every sign that means something in Markdown or HTML escaped."""
    return re.sub(r"([\\`*_\[\]<>|#!~&])", r"\\\1", " ".join(str(value).split()))


def fence(text: str, kind: str = "") -> str:
    """A code block that its own content cannot end; of the kind `text` the page breaks long lines."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{kind}\n{text.rstrip()}\n{ticks}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def moment(value: JsonValue) -> str:
    """A time in UTC to the second, from RFC 3339 or seconds since the epoch; a dash for nothing."""
    if value is None or value == "" or isinstance(value, bool):
        return "–"
    try:
        time = (
            datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else datetime.fromisoformat(str(value))
        )
    except (ValueError, OverflowError, OSError):
        return code(value)
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def size(value: JsonValue) -> str:
    """Bytes for people."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "–"
    number = float(value)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if abs(number) < 1024 or unit == "TiB":
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    raise AssertionError("unreachable")


def megabytes(value: JsonValue) -> str:
    return f"{value} MB" if value is not None else "–"
