"""Searches text files below a directory: `python -I -S grep.py DESCRIPTOR`, the question as JSON on standard input.

It runs in a process of its own, because a regular expression can take for ever and a file can hold one endless line;
the agent ends it when its time is up. Answers JSON lines: `{"path", "line", "text"}` for each match, at the end
`{"truncated"}`, or `{"error"}` for an expression that cannot be compiled.

Limits: standard library only, no import of this package; links are not followed, files with a NUL byte are skipped,
lines are looked at in pieces of 64 KiB.
"""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import sys
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

_MEMORY = 512 * 1024 * 1024
_LINE = 64 * 1024
_SHOWN = 400
_PROBE = 8192


def files_below(directory: int) -> Iterator[tuple[str, int]]:
    """Every regular file as its path and a descriptor, in a fixed order."""
    for base, names, files, descriptor in os.fwalk(".", dir_fd=directory):
        names.sort()
        for name in sorted(files):
            try:
                opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            except OSError:  # a link, gone, or not ours to read
                continue
            yield os.path.normpath(os.path.join(base, name)), opened


def matching_lines(file: BinaryIO, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    if b"\0" in file.read(_PROBE):
        return
    file.seek(0)
    number = 1
    while raw := file.readline(_LINE):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        if pattern.search(line):
            yield number, line[:_SHOWN]
        number += raw.endswith(b"\n")


def matches(directory: int, pattern: re.Pattern[str]) -> Iterator[dict[str, object]]:
    found = [("", os.dup(directory))] if stat.S_ISREG(os.fstat(directory).st_mode) else files_below(directory)
    for path, descriptor in found:
        with open(descriptor, "rb") as file:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                for line, text in matching_lines(file, pattern):
                    yield {"path": path, "line": line, "text": text}


def answer(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    question = json.load(sys.stdin)
    try:
        pattern = re.compile(question["pattern"] if question["regex"] else re.escape(question["pattern"]))
    except (re.error, OverflowError, RecursionError) as error:
        answer({"error": str(error)})
        return
    found = matches(int(sys.argv[1]), pattern)
    for match in islice(found, question["limit"]):
        answer(match)
    answer({"truncated": next(found, None) is not None})


if __name__ == "__main__":
    main()
