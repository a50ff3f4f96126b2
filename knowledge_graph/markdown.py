"""Markdown files as passages: one per section, long sections in pieces at paragraph borders.

Limits: ATX headings (`#`) only; files over 1 MiB and links that lead out of the folder are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FILE_BYTES = 1024 * 1024
MAX_FILES = 5_000
PIECE_CHARACTERS = 1_500

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """One found piece of documentation. `path` is a file below the documentation, `title` leads to the section."""

    title: str
    path: str
    text: str


def passages_below(root: Path) -> Iterator[Passage]:
    """All passages of the Markdown files below `root`, with paths that begin at its name."""
    base = root.resolve()
    for file in sorted(base.rglob("*.md"))[:MAX_FILES]:
        if file.resolve().is_relative_to(base) and file.is_file() and file.stat().st_size <= MAX_FILE_BYTES:
            path = f"{base.name}/{file.relative_to(base).as_posix()}"
            yield from passages_of(path, file.read_text("utf-8", errors="replace"))


def passages_of(path: str, text: str) -> Iterator[Passage]:
    """Sections in order. Front matter counts as the beginning of the first one."""
    front = _FRONT_MATTER.match(text)
    opening = front.group(1) + "\n\n" if front else ""
    headings: list[str] = []
    for level, heading, body in _sections(text[front.end() :] if front else text):
        if level == 0 and not body.strip():
            continue
        headings[max(level - 1, 0) :] = [heading] if heading else []
        title = " › ".join(filter(None, headings)) or path
        for piece in _pieces((opening + body).strip()):
            yield Passage(title, path, piece)
        opening = ""


def _sections(text: str) -> Iterator[tuple[int, str, str]]:
    """(level, heading, body); what stands before the first heading has level 0."""
    level, heading, body, fenced = 0, "", list[str](), False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if found is None:
            body.append(line)
            continue
        yield level, heading, "\n".join(body)
        level, heading, body = len(found.group(1)), found.group(2), []
    yield level, heading, "\n".join(body)


def _pieces(body: str) -> Iterator[str]:
    piece = ""
    for paragraph in re.split(r"\n{2,}", body):
        if piece and len(piece) + len(paragraph) > PIECE_CHARACTERS:
            yield piece
            piece = ""
        piece = f"{piece}\n\n{paragraph}" if piece else paragraph
        while len(piece) > 2 * PIECE_CHARACTERS:
            yield piece[:PIECE_CHARACTERS]
            piece = piece[PIECE_CHARACTERS:]
    if piece:
        yield piece
