"""The parameter `cluster` of `/data`: one name, several with commas, `*` for all, or `name:tag` for one schedd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from joblens.api.public.errors import BadQuery

MAX_CLUSTERS = 20


class Place(NamedTuple):
    """`tag` is the schedd, or empty for any."""

    cluster: str
    tag: str


def places_of(text: str, known: Sequence[str]) -> Sequence[Place]:
    """Raises `BadQuery`. A name that nobody knows stays: of its jobs there is no record."""
    if text.strip() == "*":
        return [Place(name, "") for name in known]
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not 0 < len(words) <= MAX_CLUSTERS:
        raise BadQuery(f"cluster names 1 to {MAX_CLUSTERS} clusters, with commas between them, or is *")
    return [Place(*_parted(word)) for word in dict.fromkeys(words)]


def one_place(text: str) -> Place:
    """Raises `BadQuery` for several."""
    if "," in text or "*" in text or not text.strip():
        raise BadQuery("this takes one cluster; ask for each of several")
    return Place(*_parted(text.strip()))


def _parted(word: str) -> tuple[str, str]:
    name, _, tag = word.partition(":")
    return name, tag
