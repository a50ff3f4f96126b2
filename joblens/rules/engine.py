"""The engine: `handle(event)` gives instructions. No clock, no I/O; the same events give the same instructions.

A condition holds from the first measurement that meets it; where it holds for the rule's time, the rule fires, and
again after each cooldown while it goes on holding. Warnings are counted per rule and job; an action takes the place of
the warning that would be one too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from joblens.records import FileSample, JobInfo, JobKey
from joblens.rules.budget import Spending
from joblens.rules.events import Act, Event, Fired, Instruction, LeftOut, Measured, StartCapture, Tick, Warn
from joblens.rules.file_index import FileIndex
from joblens.rules.jobs import JobView
from joblens.rules.rule_set import Condition, Rule, RuleSet
from joblens.rules.similar import SimilarJobs

MAX_JOBS = 50_000
FORGOTTEN_S = 86400.0
FILE_FIGURES = frozenset({"file_count", "bytes_per_access", "file_jobs"})


@dataclass(slots=True)
class _Course:
    """Of one rule on one job."""

    since: float | None = None
    fired: float | None = None
    warnings: int = 0
    acted: bool = False


class RuleEngine:
    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._spending = Spending(rules.budget)
        self._jobs: dict[JobKey, JobView] = {}
        self._courses: dict[JobKey, dict[str, _Course]] = {}
        self._scoped: dict[JobKey, Sequence[Rule]] = {}  # with conditions; until more is known of the job
        self._files = FileIndex()
        self._similar = SimilarJobs(self._figure)
        self._rises = _rises(rules)

    def use(self, rules: RuleSet) -> None:
        """Some of the rules that it was made with, or the same ones in a dry run; the budget stays as it is spent."""
        self._rules = rules
        self._scoped.clear()

    def handle(self, event: Event) -> list[Instruction]:
        if isinstance(event, JobInfo):
            self._view(event.key).learn(event)
            self._scoped.pop(event.key, None)
            self._similar.learn(event)
            return []
        if isinstance(event, FileSample):
            self._files.see(event)
            return []
        if isinstance(event, Measured):
            return list(self._measured(event))
        return list(self._ticked(event))

    def _measured(self, event: Measured) -> Iterator[Instruction]:
        view = self._view(event.key)
        view.take(event, self._rises)
        if view.ended:
            self._forget(event.key)
            return
        for rule in self._conditions_on(view):
            yield from self._looked(rule, view, event.time)

    def _conditions_on(self, view: JobView) -> Sequence[Rule]:
        found = self._scoped.get(view.key)
        if found is None:
            found = [rule for rule in self._rules.rules if rule.when and self._in_scope(rule, view)]
            self._scoped[view.key] = found
        return found

    def _ticked(self, event: Tick) -> Iterator[Instruction]:
        self._files.forget_all_but(self._jobs)
        silent = [rule for rule in self._rules.rules if rule.silent is not None]
        for view in list(self._jobs.values()):
            if event.time - view.heard > FORGOTTEN_S:
                self._forget(view.key)
                continue
            for rule in silent:
                if self._in_scope(rule, view):
                    yield from self._looked(rule, view, event.time)

    def _looked(self, rule: Rule, view: JobView, now: float) -> Iterator[Instruction]:
        evidence = self._met(rule, view, now)
        courses = self._courses.setdefault(view.key, {})
        course = courses.get(rule.name)
        if evidence is None:
            if course:
                course.since = None
            return
        course = course or courses.setdefault(rule.name, _Course())
        course.since = now if course.since is None else course.since
        rested = course.fired is None or now - course.fired >= rule.cooldown
        if now - course.since >= rule.for_s and rested:
            course.fired = now
            fired = Fired(rule.name, view.key, next(iter(view.hosts)), view.heard, now, rule.text, evidence)
            yield from self._fire(rule, course, fired)

    def _met(self, rule: Rule, view: JobView, now: float) -> dict[str, float] | None:
        """The figures when all conditions hold; None otherwise, also where one of them is not known."""
        if rule.silent is not None:
            silence = now - view.heard
            return {"silent_s": silence} if silence >= rule.silent else None
        evidence: dict[str, float] = {}
        for condition in rule.when:
            value = self._compared(condition, view, now)
            if value is None or not _holds(condition, value):
                return None
            evidence[_title(condition)] = value
        return evidence

    def _compared(self, condition: Condition, view: JobView, now: float) -> float | None:
        if condition.rise_over is not None:
            value = view.rise(condition.metric, condition.rise_over)
        else:
            value = self._figure(view.key, condition.metric)
        if value is None or condition.of is None:
            return value
        if condition.of == "similar":
            whole = self._similar.median(view.key, condition.metric, now)
        else:
            whole = view.requested(condition.of)
        return value / whole if whole else None

    def _figure(self, key: JobKey, metric: str) -> float | None:
        if metric in FILE_FIGURES:
            return self._files.figure(key, metric)
        view = self._jobs.get(key)
        return view.value(metric) if view else None

    def _fire(self, rule: Rule, course: _Course, fired: Fired) -> Iterator[Instruction]:
        dry = rule.dry_run or self._rules.dry_run
        if rule.capture:
            if why := self._spending.capture(fired.time, rule.capture.duration):
                yield LeftOut(fired, "capture", why)
            else:
                yield StartCapture(fired, rule.capture.duration, rule.capture.interval, rule.capture.details, dry)
        if rule.act and course.warnings >= rule.act.after_warnings:
            yield from self._act(rule.act.tool, course, fired, dry)
        elif rule.warn:
            course.warnings += 1
            yield Warn(fired, course.warnings, dry)

    def _act(self, tool: str, course: _Course, fired: Fired, dry: bool) -> Iterator[Instruction]:
        """Once for each job."""
        if course.acted:
            return
        if why := self._spending.action(fired.time):
            yield LeftOut(fired, tool, why)
            return
        course.acted = True
        yield Act(fired, tool, course.warnings, dry)

    def _in_scope(self, rule: Rule, view: JobView) -> bool:
        scope, info = rule.scope, view.info
        users = {*scope.users, *(user for group in scope.groups for user in self._rules.groups[group])}
        if scope.clusters and view.key.cluster not in scope.clusters:
            return False
        if info is None:
            return not users and not scope.schedulers
        named = not (scope.users or scope.groups) or info.user in users
        return named and (not scope.schedulers or info.scheduler in scope.schedulers)

    def _view(self, key: JobKey) -> JobView:
        """The one told of last is last; the first ones go when there are too many."""
        view = self._jobs.pop(key, None) or JobView(key)
        self._jobs[key] = view
        if len(self._jobs) > MAX_JOBS:
            self._forget(next(iter(self._jobs)))
        return view

    def _forget(self, key: JobKey) -> None:
        self._jobs.pop(key, None)
        self._courses.pop(key, None)
        self._scoped.pop(key, None)
        self._files.forget(key)
        self._similar.forget(key)


def _holds(condition: Condition, value: float) -> bool:
    if condition.above is not None:
        return value > condition.above
    assert condition.below is not None
    return value < condition.below


def _title(condition: Condition) -> str:
    of = f" of {condition.of}" if condition.of else ""
    rise = f" rise in {condition.rise_over:g} s" if condition.rise_over is not None else ""
    return f"{condition.metric}{rise}{of}"


def _rises(rules: RuleSet) -> dict[str, float]:
    """The longest window of each figure whose rise some rule looks at."""
    windows: dict[str, float] = {}
    for condition in (condition for rule in rules.rules for condition in rule.when):
        if condition.rise_over is not None:
            windows[condition.metric] = max(condition.rise_over, windows.get(condition.metric, 0.0))
    return windows
