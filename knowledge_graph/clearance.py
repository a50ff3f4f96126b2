"""What a reader of the global model may see."""

from __future__ import annotations

from dataclasses import dataclass

from ink_core.labels import HIGHEST, Confidentiality


@dataclass(frozen=True)
class Clearance:
    """Who will read an answer: a fact with readers goes only to one of `names`, and none above `most` goes at all.

    `names` are `user:alice`, `group:atlas`, `task:t5f2c9a` and `admins`.
    """

    names: frozenset[str]
    most: Confidentiality = HIGHEST.confidentiality
