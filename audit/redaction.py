"""Takes secrets out of a record before it is hashed and written.

Two rules: the text of a field whose *name* says secret goes as a whole; inside any other text, what *looks* like a
credential goes. Limits: a secret without a telling name or shape (a bare word) cannot be recognised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

_SECRET_NAMES = (
    "password passwd passphrase secret token apikey api_key privatekey private_key accesskey access_key authorization "
    "cookie"
).split()
_SECRET_FIELD = re.compile(rf"(^|[_-])({'|'.join(_SECRET_NAMES)})$", re.IGNORECASE)
_SECRET_NAME_ENDS = tuple(f'{name}"' for name in _SECRET_NAMES)


@dataclass(frozen=True)
class _Shape:
    """What a credential looks like. Only a text that has one of the `hints` (lower case) is searched: that is cheap."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str


_SHAPES = (
    _Shape(
        ("private key-----",),
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        "[redacted:private_key]",
    ),
    _Shape(
        ("ink_", "inks_", "inkc_", "inka_", "inku_", "inkr_"),
        re.compile(r"\bink[scaur]?_[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]{16,})?"),
        "[redacted:ink_token]",
    ),
    _Shape(("eyj",), re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"), "[redacted:jwt]"),
    _Shape(("sk-",), re.compile(r"sk-(?<=\bsk-)[\w-]{20,}"), "[redacted:api_key]"),
    _Shape(("gho_", "ghp_", "ghs_", "ghu_"), re.compile(r"\bgh[opsu]_[A-Za-z0-9]{30,}"), "[redacted:api_key]"),
    _Shape(("glpat-",), re.compile(r"\bglpat-[\w-]{18,}"), "[redacted:api_key]"),
    _Shape(("akia", "asia"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), "[redacted:api_key]"),
    _Shape(("bearer", "basic"), re.compile(r"(\b(?:Bearer|Basic)\s+)[\w.~+/=-]{12,}", re.IGNORECASE), r"\1[redacted]"),
    _Shape(("://",), re.compile(r"(://[^\s/:@]{1,100}:)[^\s/@\[][^\s/@]{0,200}(?=@)"), r"\1[redacted]"),
    _Shape(
        ("passw", "passphrase", "secret", "apikey", "api_key", "_token"),
        re.compile(
            r"""((?:passw(?:or)?d|passphrase|secret|api_?key|_token)["']?\s{0,3}[:=]\s{0,3}["']?)"""
            r"""(?!\$[\w{(]|(?:str|string|bytes|none|null|true|false|optional)\b)"""
            r"""[^\s"'&,;()\[\]{}<>]{4,}+(?![(\[{<])""",
            re.IGNORECASE,
        ),
        r"\1[redacted]",
    ),
)

SHORTEST = 10
"""Shorter than any shape, so that most field names and words are done at once."""

_HINTS = tuple((hint, shape) for shape in _SHAPES for hint in shape.hints)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def surely_clean(text: str) -> bool:
    """Whether the JSON text of a value already shows that `redact` would change nothing of that value.

    One look at the whole is much faster than one at each string; what is not sure needs those. Where nothing in the
    text is escaped, every string of the value stands in it as it is, between quotes.
    """
    if not text.isascii() or "\\" in text:
        return False
    lowered = text.lower()
    if any(end in lowered for end in _SECRET_NAME_ENDS):
        return False
    return not any(hint in lowered and shape.pattern.search(text) for hint, shape in _HINTS)


def redact(value: JsonValue) -> JsonValue:
    """A copy of the value with secrets replaced by `[redacted]` or `[redacted:WHAT]`."""
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {redact_text(name): _field(name, content) for name, content in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return value


def holds_redaction(value: JsonValue) -> bool:
    """Whether something was taken out of this value, so that it is not what it was."""
    if isinstance(value, str):
        return "[redacted" in value
    if isinstance(value, Mapping):
        return any(holds_redaction(content) for content in value.values())
    return isinstance(value, (list, tuple)) and any(holds_redaction(item) for item in value)


def redact_text(text: str) -> str:
    """The text without credentials. Lone surrogates, which UTF-8 cannot carry, become U+FFFD."""
    if text.isascii():
        if len(text) < SHORTEST:
            return text
    else:
        text = _LONE_SURROGATE.sub("\ufffd", text)
    lowered = text.lower()
    for hint, shape in _HINTS:
        if hint in lowered:
            text = shape.pattern.sub(shape.replacement, text)
    return text


def _field(name: str, content: JsonValue) -> JsonValue:
    if isinstance(content, str) and content and _SECRET_FIELD.search(name):
        return "[redacted]"
    return redact(content)
