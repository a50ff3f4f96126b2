"""HTCondor's description of a job (`.job.ad`), as far as the collector needs it: literals, one a line.

The text is hostile: its folder is the user's. An attribute that stands twice counts as none, expressions are left out,
and nothing is evaluated. Format: old ClassAd syntax, `Name = literal` (HTCondor manual, "ClassAd syntax").
"""

from __future__ import annotations

import re

_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*) = (.*)")
_INTEGER = re.compile(r"-?\d{1,18}")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")

JobAd = dict[str, str | int]
"""By the attribute's name in lower case."""


def parse(text: str) -> JobAd:
    ad: JobAd = {}
    twice: set[str] = set()
    for line in text.split("\n"):
        if (match := _LINE.fullmatch(line)) and (value := _literal(match[2])) is not None:
            name = match[1].lower()
            twice |= {name} & ad.keys()
            ad[name] = value
    return {name: value for name, value in ad.items() if name not in twice}


def number(ad: JobAd, *names: str) -> int | None:
    """The first of these attributes that is a number."""
    return next((value for name in names if isinstance(value := ad.get(name), int)), None)


def text(ad: JobAd, *names: str) -> str:
    """The first of these attributes that is a text and not empty; else nothing."""
    return next((value for name in names if isinstance(value := ad.get(name), str) and value), "")


def _literal(value: str) -> str | int | None:
    if _INTEGER.fullmatch(value):
        return int(value)
    if match := _STRING.fullmatch(value):
        return _ESCAPE.sub(r"\1", match[1])
    return None
