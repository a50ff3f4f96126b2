"""Searches text files below a directory: `python -I -S grep.py DESCRIPTOR`, the question as JSON on standard input.

It runs in a process of its own, because a regular expression can take for ever and a file can hold one endless line;
the agent ends it when its time is up. Answers JSON lines: `{"path", "line", "text", "before", "after"}` for each match,
at the end `{"truncated"}`, or `{"error"}` for an expression that cannot be compiled. Without a pattern, each file.

Unless everything is asked for, it looks where a developer would: not in hidden entries, and not in what a `.gitignore`
at or below the directory names (format: gitignore(5)).

Limits: standard library only, no import of this package; links are not followed, files with a NUL byte are skipped,
lines are looked at in pieces of 64 KiB. What the agent keeps in `.ink` is never searched.
"""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

_MEMORY = 512 * 1024 * 1024
_LINE = 64 * 1024
_SHOWN = 400
_PROBE = 8192
_RULES_BYTES = 256 * 1024
_SMALL = 4 * 1024 * 1024
OWN = ".ink"
ANY_FOLDERS = "(?:.*/)?"
GLOB_PIECES = re.compile(r"(\*+|\?|\\.|\[[!^]?[^/][^]/]*\])")

Wanted = Callable[[str, bool], bool]
"""Whether an entry (its path from the directory, and whether it is a directory) is looked at."""


class Rule(NamedTuple):
    """One line of a `.gitignore`: what it ignores, or with `keeps` does not ignore after all."""

    pattern: re.Pattern[str]
    keeps: bool
    of_directories: bool


class Ignored:
    """The rules of every `.gitignore` so far; of those that match the deepest and last one counts."""

    def __init__(self) -> None:
        self._rules: dict[str, list[Rule]] = {}

    def read(self, folder: str, directory: int) -> None:
        """Those of one directory; `folder` is its path from the top, empty for the top."""
        try:
            opened = os.open(".gitignore", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
        except OSError:
            return
        with open(opened, "rb") as file:
            if stat.S_ISREG(os.fstat(opened).st_mode):
                lines = file.read(_RULES_BYTES).decode("utf-8", "replace").splitlines()
                self._rules[folder] = [rule for line in lines if (rule := rule_of(line))]

    def has(self, path: str, directory: bool) -> bool:
        for folder in folders_above(path):
            inside = path[len(folder) :].lstrip("/")
            for rule in reversed(self._rules.get(folder, [])):
                if (directory or not rule.of_directories) and rule.pattern.fullmatch(inside):
                    return not rule.keeps
        return False


def folders_above(path: str) -> Iterator[str]:
    """The directories that hold `path`, the deepest first and the top (empty) last."""
    while path:
        path = os.path.dirname(path)
        yield path


def rule_of(line: str) -> Rule | None:
    line = line.rstrip()
    keeps, text = line.startswith("!"), line.removeprefix("!")
    if not text or line.startswith("#"):
        return None
    body = text.rstrip("/")
    pattern = glob_pattern(body.lstrip("/") if "/" in body else f"**/{body}")
    return Rule(pattern, keeps, text.endswith("/")) if pattern else None


def glob_pattern(glob: str) -> re.Pattern[str] | None:
    """`*` stays within a name, `**` spans directories. None for one that cannot be compiled."""
    parts = [translated(part) for part in glob.split("/")]
    joined = "".join(part if part == ANY_FOLDERS else f"{part}/" for part in parts[:-1])
    last = ".*" if parts[-1] == ANY_FOLDERS else parts[-1]
    try:
        return re.compile(joined + last, re.DOTALL)
    except re.error:
        return None


def translated(part: str) -> str:
    if part == "**":
        return ANY_FOLDERS
    pieces = GLOB_PIECES.split(part)
    return "".join(_special(piece) if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))


def _special(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("\\"):
        return re.escape(piece[1:])
    inside = piece[1:-1].replace("\\", "\\\\").replace("[", "\\[")
    return f"[^{inside[1:]}]" if inside[:1] in ("!", "^") else f"[{inside}]"


def files_below(directory: int, question: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Every regular file that is looked at, as its path and a descriptor, in a fixed order."""
    ignored = Ignored()
    chosen = by_glob(question["glob"])
    for base, names, files, descriptor in os.fwalk(".", dir_fd=directory):
        folder = "" if base == "." else os.path.normpath(base)
        if not question["everything"]:
            ignored.read(folder, descriptor)
        wanted = wanted_in(folder, ignored, question["everything"])
        names[:] = sorted(name for name in names if wanted(name, True))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if not wanted(name, False) or not chosen(path, False):
                continue
            try:
                opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            except OSError:  # a link, gone, or not ours to read
                continue
            yield path, opened


def wanted_in(folder: str, ignored: Ignored, everything: bool) -> Wanted:
    def wanted(name: str, directory: bool) -> bool:
        if name == OWN or everything:
            return name != OWN
        return not name.startswith(".") and not ignored.has(os.path.join(folder, name), directory)

    return wanted


def by_glob(glob: str) -> Wanted:
    """Of a name anywhere, or of a path where the glob has a slash."""
    if not glob:
        return lambda path, directory: True
    pattern = glob_pattern(glob.lstrip("/") if "/" in glob else f"**/{glob}")
    return lambda path, directory: bool(pattern and pattern.fullmatch(path))


def matching_lines(file: BinaryIO, pattern: re.Pattern[str], context: int) -> Iterator[dict[str, object]]:
    """Each match with up to `context` lines around it."""
    before, open_matches = deque[str](maxlen=context), deque[tuple[dict[str, object], list[str]]]()
    number = 1
    while raw := file.readline(_LINE):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        for _, after in open_matches:
            after.append(line[:_SHOWN])
        while open_matches and len(open_matches[0][1]) == context:
            yield open_matches.popleft()[0]
        if pattern.search(line):
            after = list[str]()
            match: dict[str, object] = {"line": number, "text": line[:_SHOWN], "before": list(before), "after": after}
            if context:
                open_matches.append((match, after))
            else:
                yield match
        before.append(line[:_SHOWN])
        number += raw.endswith(b"\n")
    yield from (match for match, _ in open_matches)


def can_hold(file: BinaryIO, literal: bytes | None) -> bool:
    """Whether the file is text and, as far as that can be told at once, has what is looked for."""
    if b"\0" in file.read(_PROBE):
        return False
    file.seek(0)
    if literal is not None and os.fstat(file.fileno()).st_size <= _SMALL:
        found = literal in file.read(_SMALL)
        file.seek(0)
        return found
    return True


def matches(directory: int, pattern: re.Pattern[str], question: dict[str, Any]) -> Iterator[dict[str, object]]:
    single = stat.S_ISREG(os.fstat(directory).st_mode)
    found = [("", os.dup(directory))] if single else files_below(directory, question)
    literal = None if question["regex"] or question["ignore_case"] else question["pattern"].encode()
    for path, descriptor in found:
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                continue
            if not question["pattern"]:
                yield {"path": path, "line": 0, "text": ""}
            elif can_hold(file, literal):
                for match in matching_lines(file, pattern, question["context"]):
                    yield {"path": path, **match}


def answer(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def compiled(question: dict[str, Any]) -> re.Pattern[str]:
    text = question["pattern"] if question["regex"] else re.escape(question["pattern"])
    return re.compile(text, re.IGNORECASE if question["ignore_case"] else 0)


def main(arguments: Sequence[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    question = json.load(sys.stdin)
    try:
        pattern = compiled(question)
    except (re.error, OverflowError, RecursionError) as error:
        answer({"error": str(error)})
        return
    found = matches(int(arguments[0]), pattern, question)
    for match in islice(found, question["limit"]):
        answer(match)
    answer({"truncated": next(found, None) is not None})


if __name__ == "__main__":
    main(sys.argv[1:])
