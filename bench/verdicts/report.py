"""How often the verdict was the label, and what it was otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.verdicts.corpus import Case
from joblens.verdicts.verdict import Cause, Verdict


class Judged(NamedTuple):
    case: Case
    where: str
    verdict: Verdict


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """`contended` are those to which the machine did not give the core that they wanted; no job is made to be so."""
    alone = [each for each in judged if each.verdict.cause is not Cause.CONTENDED]
    labels = [each.case.label for each in judged]
    return {
        "bench": "verdicts",
        "classes": len(set(labels)),
        "jobs": len(judged),
        "accuracy": _share(judged),
        "contended": len(judged) - len(alone),
        "accuracy_of_the_rest": _share(alone),
        "accuracy_held_out": _share([each for each in judged if each.case.held_out]),
        "accuracy_where": {
            where: _share([each for each in judged if each.where == where])
            for where in sorted({each.where for each in judged})
        },
        "confusion": confusion(judged),
    }


def confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Label → verdict → number."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in judged:
        rows[each.case.label.value][each.verdict.cause.value] += 1
    return {label: dict(row) for label, row in rows.items()}


def _share(judged: Sequence[Judged]) -> float | None:
    right = sum(each.verdict.cause is each.case.label for each in judged)
    return round(right / len(judged), 3) if judged else None
