"""Labels of data: a lattice of confidentiality × integrity. Pure.

What is made from several things is as confidential as the most confidential of them, and as untrusted as the least
trusted: their `join`. So a label only ever rises while data flow on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue


class Confidentiality(StrEnum):
    """Who may see it, in rising order."""

    PUBLIC = "public"
    SCRATCH = "scratch"
    USER = "user"
    EXPERIMENT = "experiment"

    @property
    def rank(self) -> int:
        return _CONFIDENTIALITY[self]


class Integrity(StrEnum):
    """Whether somebody else than the user or the system could have written it."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"


_CONFIDENTIALITY = {level: rank for rank, level in enumerate(Confidentiality)}


@dataclass(frozen=True)
class Label:
    confidentiality: Confidentiality
    integrity: Integrity

    def join(self, other: Label) -> Label:
        """The least label that is at least as high as both."""
        trusted = self.integrity is other.integrity is Integrity.TRUSTED
        return Label(
            most_confidential((self.confidentiality, other.confidentiality)),
            Integrity.TRUSTED if trusted else Integrity.UNTRUSTED,
        )

    def to_json(self) -> dict[str, JsonValue]:
        """As it stands in the ledger."""
        return {"confidentiality": self.confidentiality.value, "integrity": self.integrity.value}

    @classmethod
    def from_json(cls, body: Mapping[str, JsonValue]) -> Label:
        return cls(Confidentiality(str(body["confidentiality"])), Integrity(str(body["integrity"])))

    def covers(self, other: Label) -> bool:
        """Whether `other` may flow to where this label stands."""
        return self.join(other) == self


LOWEST = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)
HIGHEST = Label(Confidentiality.EXPERIMENT, Integrity.UNTRUSTED)


def most_confidential(levels: Iterable[Confidentiality]) -> Confidentiality:
    """`PUBLIC` for none."""
    return max(levels, key=lambda level: level.rank, default=Confidentiality.PUBLIC)
