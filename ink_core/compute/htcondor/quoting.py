"""How submit descriptions quote: macros, and HTCondor's "new" syntax for lists of arguments and environment settings.

There values stand between spaces; single quotes protect spaces within one and are doubled to stand for themselves.
Source: HTCondor manual, condor_submit, `arguments`.
"""

from __future__ import annotations

from collections.abc import Sequence


def literal(value: str) -> str:
    """A value of a submit description that means itself."""
    return value.replace("$", "$(DOLLAR)")


def join(values: Sequence[str]) -> str:
    return " ".join("'" + value.replace("'", "''") + "'" for value in values)


def split(text: str) -> Sequence[str]:
    """The values that `join` was given; also where other programs quoted less."""
    values: list[str] = []
    value: str | None = None
    position, quoted = 0, False
    while position < len(text):
        character = text[position]
        if character == "'":
            if quoted and text.startswith("''", position):
                value = (value or "") + "'"
                position += 1
            else:
                quoted, value = not quoted, value or ""
        elif character.isspace() and not quoted:
            values += [] if value is None else [value]
            value = None
        else:
            value = (value or "") + character
        position += 1
    return [*values, *([] if value is None else [value])]
