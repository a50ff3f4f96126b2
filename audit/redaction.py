"""Takes secrets out of a record before it is hashed and written.

Two rules: the text of a field whose *name* says secret goes as a whole; inside any other text, what *looks* like a
credential goes. Limits: a secret without a telling name or shape (a bare word) cannot be recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue

_SECRET_FIELD = re.compile(
    r"(^|[_-])(pass(word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|authorization|cookie)$",
    re.IGNORECASE,
)

_SECRET_TEXT = re.compile(
    r"""
      (?P<private_key>-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z))
    | (?P<ink_token>\bink_[A-Za-z0-9_-]{16,})
    | (?P<jwt>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})
    | (?P<api_key>\b(?:sk-[\w-]{20,}|gh[opsu]_[A-Za-z0-9]{30,}|glpat-[\w-]{18,}|(?:AKIA|ASIA)[A-Z0-9]{16})\b)
    | (?P<keep_scheme>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{12,}
    | (?P<keep_userinfo>\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,100}:)[^\s/@]{1,200}(?=@)
    | (?P<keep_assignment>(?i:\b\w*(?:pass(?:word|wd|phrase)|secret|api_?key|_token))["']?\s*[:=]\s*["']?)
      [^\s"'&,;\[][^\s"'&,;]{3,}
    """,
    re.VERBOSE | re.DOTALL,
)

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def redact(value: JsonValue) -> JsonValue:
    """A copy of the value with secrets replaced by `[redacted]` or `[redacted:WHAT]`."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {redact_text(name): _field(name, content) for name, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return value


def redact_text(text: str) -> str:
    """The text without credentials. Lone surrogates, which UTF-8 cannot carry, become U+FFFD."""
    return _SECRET_TEXT.sub(_replacement, _LONE_SURROGATE.sub("\ufffd", text))


def _field(name: str, content: JsonValue) -> JsonValue:
    if isinstance(content, str) and content and _SECRET_FIELD.search(name):
        return "[redacted]"
    return redact(content)


def _replacement(match: re.Match[str]) -> str:
    group = match.lastgroup or ""
    if group.startswith("keep_"):
        return f"{match.group(group)}[redacted]"
    return f"[redacted:{group}]"
