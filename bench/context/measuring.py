"""Runs all contenders over all questions and adds up what was judged."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bench.context.contenders.contender import Contender
from bench.context.judging import Judge, Verdict
from bench.context.questions.question import BenchQuestion, Half, Kind

BUDGETS = (256, 512, 1024, 2048, 4096)
TIMED_BUDGET = 2048


@dataclass
class Tally:
    """Of one contender. `whole` counts decisions with all their evidence."""

    asked: dict[tuple[Half, int], int] = field(default_factory=lambda: defaultdict(int))
    whole: dict[tuple[Half, int], int] = field(default_factory=lambda: defaultdict(int))
    shares: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_kind: dict[tuple[Kind, int], list[bool]] = field(default_factory=lambda: defaultdict(list))
    seconds: list[float] = field(default_factory=list[float])
    cpu_seconds: list[float] = field(default_factory=list[float])
    leaks: int = 0
    expired: int = 0

    def add(self, question: BenchQuestion, budget: int, verdict: Verdict) -> None:
        self.leaks += len(verdict.leaked)
        self.expired += len(verdict.expired)
        if question.is_probe:
            return
        self.asked[question.half, budget] += 1
        self.whole[question.half, budget] += verdict.is_whole
        self.by_kind[question.kind, budget].append(verdict.is_whole)
        if verdict.is_whole:
            self.shares[budget].append(verdict.useful / verdict.sent)

    def recall(self, half: Half) -> dict[str, float]:
        """DR@B by budget."""
        asked = {budget: self.asked[half, budget] for budget in BUDGETS if self.asked[half, budget]}
        return {str(budget): round(self.whole[half, budget] / count, 3) for budget, count in asked.items()}

    def minimality(self) -> dict[str, float | None]:
        """Mean share of what was sent that the decision needed, over decisions that had all."""
        means = {
            budget: round(statistics.fmean(self.shares[budget]), 3) if self.shares[budget] else None
            for budget in BUDGETS
        }
        return {str(budget): mean for budget, mean in means.items()}


@dataclass(frozen=True)
class Miss:
    question: BenchQuestion
    budget: int
    verdict: Verdict


def run(
    contender: Contender, questions: Iterable[BenchQuestion], judge: Judge, now: datetime
) -> tuple[Tally, list[Miss]]:
    tally, misses = Tally(), list[Miss]()
    for question in questions:
        began, cpu = time.perf_counter(), time.thread_time()
        for budget, pack in zip(BUDGETS, contender.packs(question, BUDGETS, now), strict=True):
            took, worked = time.perf_counter() - began, time.thread_time() - cpu
            verdict = judge.verdict(question, pack)
            tally.add(question, budget, verdict)
            if budget == TIMED_BUDGET:
                tally.seconds.append(took)
                tally.cpu_seconds.append(worked)
            if not verdict.is_whole and not question.is_probe:
                misses.append(Miss(question, budget, verdict))
            began, cpu = time.perf_counter(), time.thread_time()
    return tally, misses


def figures(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """`dr` of each half by contender and budget; what else is ours alone."""
    ours = tallies["ours"]
    return {
        "questions": sum(ours.asked[half, TIMED_BUDGET] for half in Half),
        "dr": {half.value: {name: tally.recall(half) for name, tally in tallies.items()} for half in Half},
        "minimality": ours.minimality(),
        "leaks": sum(tally.leaks for tally in tallies.values()),
        "expired_sent": ours.expired,
        **_latency("", ours.seconds),
        **_latency("cpu_", ours.cpu_seconds),
    }


def _latency(what: str, seconds: Sequence[float]) -> dict[str, float]:
    """`p50_ms` by the clock and `cpu_p50_ms` of the processor, which tells them apart on a machine with other work."""
    hundredths = statistics.quantiles(seconds, n=100)
    return {f"{what}p{percent}_ms": round(hundredths[percent - 1] * 1000, 2) for percent in (50, 99)}


def beats_all(tallies: Mapping[str, Tally]) -> bool:
    """Whether ours is above every other at every budget, on both halves."""
    ours = tallies["ours"]
    others = [tally for name, tally in tallies.items() if name != "ours"]
    return all(
        best > other.recall(half)[budget]
        for half in Half
        for budget, best in ours.recall(half).items()
        for other in others
    )
