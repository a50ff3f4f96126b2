"""Where a text stands in a file, and where something stands that looks like it: what a conflict report says. Pure.

Limits: alike means the same but for white space, or the same longest line.
"""

from __future__ import annotations

MOST_LINES = 10
MOST_SHOWN = 1_000


def lines_of(content: bytes, text: bytes) -> list[int]:
    """Numbers (from 1) of the lines in which `text` begins, at most `MOST_LINES`; places may overlap."""
    found, at = list[int](), content.find(text)
    while at >= 0 and len(found) < MOST_LINES:
        found.append(content.count(b"\n", 0, at) + 1)
        at = content.find(text, at + 1)
    return found


def nearest(content: bytes, text: bytes) -> tuple[tuple[int, ...], str]:
    """The lines where something alike begins, and the first of these places as it is; nothing where there is none."""
    wanted = [_bare(line) for line in text.splitlines()]
    bare = b"".join(_bare(line) + b"\n" for line in content.splitlines())
    whole = _begins(bare, b"".join(line + b"\n" for line in wanted))
    lines = whole or _begins(bare, max(wanted, key=len, default=b"") + b"\n")
    if not lines:
        return (), ""
    shown = b"\n".join(content.splitlines()[lines[0] - 1 : lines[0] - 1 + max(1, len(wanted))])
    return tuple(lines), shown[:MOST_SHOWN].decode("utf-8", "replace")


def _bare(line: bytes) -> bytes:
    return b" ".join(line.split())


def _begins(lines: bytes, wanted: bytes) -> list[int]:
    """Where these whole lines begin."""
    if not wanted.strip():
        return []
    return lines_of(b"\n" + lines, b"\n" + wanted)
