"""Texts for stores that take no half of a surrogate pair, which is how Python holds bytes that are no UTF-8."""

from __future__ import annotations


def stored(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
