"""What lies where: confidentiality by directory tree, as the site's settings say. Pure.

Limits: data that somebody copied out of a labelled tree have the label of where they lie now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ink_core.labels import Confidentiality, most_confidential


@dataclass(frozen=True)
class TreeRule:
    """What lies below `tree`, an absolute directory; `{user}` as a part of it stands for any name."""

    tree: str
    confidentiality: Confidentiality


@dataclass(frozen=True)
class PathLabels:
    """Of the rules above a path the deepest counts (of several as deep the highest); without any it is `USER`."""

    rules: Sequence[TreeRule] = ()

    def reachable(self, root: str) -> Confidentiality:
        """The highest that lies at or below `root`."""
        return _reachable(tuple(self.rules), root)


NO_RULES = PathLabels()


@lru_cache(1_000)
def _reachable(rules: tuple[TreeRule, ...], root: str) -> Confidentiality:
    parts = _parts(root)
    above = [rule for rule in rules if _leads(_parts(rule.tree), parts)]
    deepest = max((len(_parts(rule.tree)) for rule in above), default=0)
    here = [rule.confidentiality for rule in above if len(_parts(rule.tree)) == deepest]
    below = [rule.confidentiality for rule in rules if _leads(parts, _parts(rule.tree))]
    return most_confidential([*(here or [Confidentiality.USER]), *below])


def _leads(above: Sequence[str], path: Sequence[str]) -> bool:
    """Whether `path` is `above` or lies below it."""
    return len(above) <= len(path) and all(
        one == other or "{user}" in (one, other) for one, other in zip(above, path, strict=False)
    )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
