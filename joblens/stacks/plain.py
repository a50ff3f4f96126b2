"""Names of C++ functions as their programs write them, as far as they are plain: `TBasket::ReadBasketBuffers`.

What has templates or operators in its name stays as the linker has it. Source: Itanium C++ ABI, 5.1 (mangling).
"""

from __future__ import annotations

import re

_LENGTH = re.compile(r"\d{1,3}")


def plain(name: str) -> str:
    if name.startswith("_ZN"):
        return _nested(name[3:].lstrip("rVKRO")) or name
    if name.startswith("_Z") and (match := _LENGTH.match(name, 2)):
        return name[match.end() : match.end() + int(match[0])] or name
    return name


def _nested(rest: str) -> str:
    """The parts of a qualified name, up to its end; nothing where one of them is not plain."""
    parts = ["std"] if rest.startswith("St") else []
    rest = rest[2:] if parts else rest
    while match := _LENGTH.match(rest):
        end = match.end() + int(match[0])
        parts.append(rest[match.end() : end])
        rest = rest[end:]
    if parts and re.match("[CD][0-5]E", rest):
        return "::".join([*parts, ("~" if rest[0] == "D" else "") + parts[-1]])
    return "::".join(parts) if rest.startswith("E") else ""
