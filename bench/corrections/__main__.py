"""`make bench NAME=corrections`: how often a mistake is repeated before and after people corrected it.

Each decision is a session of its own through the real loop, with a context of the real assembler; a scripted model
decides by that context alone. `repeat_mistake` counts like decisions that go wrong, before any correction and after one
correction for each group or file system that is special; `misled` are decisions that were right and no longer are.
The last line is one JSON object. Limit: the model is no language model; it reads without mistakes of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence

from bench.corrections.cases import Case, cases
from bench.corrections.centre import Centre
from bench.corrections.decider import wrong_and_right
from bench.machine import machine
from ink_core.clock import SystemClock

SEEDS = (1, 2, 3)
TARGET = {"repeat_mistake_after": "below repeat_mistake_before", "misled": 0.0}


def main() -> None:
    measured = [asyncio.run(measure(seed)) for seed in SEEDS]
    counts = {name: sum(each[name] for each in measured) for name in measured[0]}
    print(json.dumps({"bench": "corrections", **figures(counts), "target": TARGET, "machine": machine()}))


async def measure(seed: int) -> dict[str, int]:
    """Counts of decisions and mistakes at one centre."""
    drawn = cases(seed, SystemClock().now())
    centre = Centre()
    await centre.start(drawn.facts)
    try:
        before = await _mistakes(centre, drawn.like)
        right_before = len(drawn.unlike) - await _mistakes(centre, drawn.unlike)
        corrected = [await _corrected(centre, case) for case in drawn.first]
        after = await _mistakes(centre, drawn.like)
        misled = await _mistakes(centre, drawn.unlike)
        await centre.learning.recalls.settle()
        recalled = sum(map(len, centre.learning.recalls.known.by_memory().values()))
    finally:
        await centre.close()
    print(f"seed {seed}: {before} of {len(drawn.like)} before, {after} after", file=sys.stderr)
    return {
        "like": len(drawn.like),
        "before": before,
        "after": after,
        "unlike": len(drawn.unlike),
        "misled": misled - (len(drawn.unlike) - right_before),
        "corrections": sum(corrected),
        "recalls": recalled,
    }


async def _mistakes(centre: Centre, asked: Sequence[Case]) -> int:
    decisions = [(await centre.ask(case.question))[1] for case in asked]
    return sum(decision != case.right for decision, case in zip(decisions, asked, strict=True))


async def _corrected(centre: Centre, case: Case) -> bool:
    """A person sees the decision and corrects it, if it is wrong."""
    session_id, decision = await centre.ask(case.question)
    if decision == case.right:
        return False
    await centre.correct(session_id, *wrong_and_right(case))
    return True


def figures(counts: dict[str, int]) -> dict[str, float]:
    return {
        "repeat_mistake_before": round(counts["before"] / counts["like"], 4),
        "repeat_mistake_after": round(counts["after"] / counts["like"], 4),
        "misled": round(counts["misled"] / counts["unlike"], 4),
        "like_decisions": counts["like"],
        "unlike_decisions": counts["unlike"],
        "corrections": counts["corrections"],
        "recalls": counts["recalls"],
    }


if __name__ == "__main__":
    main()
