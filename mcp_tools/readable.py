"""Text that others wrote, so that an approver sees what it is: what cannot be seen, or moves what can, is spelled out.

As the page spells names of files (`web/src/files/names.ts`): control, direction and invisible characters, separators of
lines, and the private-use characters that stand for bytes which are no text. Only for the eye.
"""

from __future__ import annotations

import unicodedata

_BYTES = range(0xEF80, 0xF000)
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """In one line, whatever it holds."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spelled, text))


def lines(text: str) -> str:
    """The same for a text of many lines, whose line feeds and tabs stay."""
    return "\n".join("\t".join(map(one_line, line.split("\t"))) for line in text.split("\n"))


def _spelled(character: str) -> str:
    code = ord(character)
    if code in _BYTES:
        return f"\\x{code & 0xFF:02x}"
    if unicodedata.category(character) not in _UNREADABLE:
        return character
    if character == "\n":
        return "\\n"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"
