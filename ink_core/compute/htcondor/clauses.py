"""Splits a ClassAd expression into the clauses that must all hold."""

from __future__ import annotations

from collections.abc import Sequence

_OPEN, _CLOSE = "([{", ")]}"


def clauses(expression: str) -> Sequence[str]:
    """The operands of the outermost `&&`s, without the parentheses around them. `a || b && c` stays in one piece."""
    parts = _split(expression, "&&")
    if len(_split(expression, "||")) > 1 or len(parts) == 1:
        inner = _without_parentheses(expression)
        return [expression.strip()] if inner is None else clauses(inner)
    return [clause for part in parts for clause in clauses(part)]


def _split(expression: str, operator: str) -> list[str]:
    """Pieces between the operators that stand outside of all brackets and quotes."""
    pieces, start, depth, position = list[str](), 0, 0, 0
    while position < len(expression):
        character = expression[position]
        if character in "\"'":
            position = _end_of_quote(expression, position)
        elif character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif depth == 0 and expression.startswith(operator, position):
            pieces.append(expression[start:position].strip())
            position += len(operator) - 1
            start = position + 1
        position += 1
    return [*pieces, expression[start:].strip()]


def _end_of_quote(expression: str, start: int) -> int:
    position = start + 1
    while position < len(expression) and expression[position] != expression[start]:
        position += 2 if expression[position] == "\\" else 1
    return position


def _without_parentheses(expression: str) -> str | None:
    """The inside, if one pair of parentheses holds it all."""
    text = expression.strip()
    if not text.startswith("("):
        return None
    depth, position = 0, 0
    while position < len(text):
        if text[position] in "\"'":
            position = _end_of_quote(text, position)
        elif text[position] in _OPEN:
            depth += 1
        elif text[position] in _CLOSE:
            depth -= 1
            if depth == 0:
                return text[1:position] if position == len(text) - 1 else None
        position += 1
    return None
