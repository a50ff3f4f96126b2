"""Conditions made ready: each given field becomes one predicate over the facts, so that a decision only calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from manager.gate.policy.argument_matching import argument_passes
from manager.gate.policy.argument_test import ArgumentTest
from manager.gate.policy.document import Condition, Role, Weekday
from manager.gate.policy.facts import CallFacts
from manager.gate.policy.names import among

Predicate = Callable[[CallFacts], bool]
Named = Callable[[CallFacts], str | None]
Number = Callable[[CallFacts], float]


@dataclass(frozen=True)
class Setting:
    """What a policy says beside its rules."""

    groups: Mapping[str, Collection[str]]
    zone: ZoneInfo


def predicates(when: Condition, setting: Setting) -> Sequence[tuple[str, Predicate]]:
    """Name and predicate of each given field, but `rate`, which needs the past."""
    return [
        (name, make(getattr(when, name), setting)) for name, make in _READY.items() if name in when.model_fields_set
    ]


def _name(of: Named) -> Callable[[Sequence[str], Setting], Predicate]:
    def ready(patterns: Sequence[str], setting: Setting) -> Predicate:
        fits = among(patterns)
        return lambda facts: fits(of(facts))

    return ready


def _value(of: Callable[[CallFacts], object]) -> Callable[[Sequence[object], Setting], Predicate]:
    def ready(values: Sequence[object], setting: Setting) -> Predicate:
        wanted = frozenset(values)
        return lambda facts: of(facts) in wanted

    return ready


def _truth(of: Callable[[CallFacts], object]) -> Callable[[bool, Setting], Predicate]:
    return lambda wanted, setting: lambda facts: bool(of(facts)) == wanted


def _over(of: Number) -> Callable[[float, Setting], Predicate]:
    return lambda limit, setting: lambda facts: of(facts) > limit


def _groups(names: Sequence[str], setting: Setting) -> Predicate:
    members = frozenset(user for name in names for user in setting.groups.get(name, ()))
    return lambda facts: facts.username in members


def _scopes(wanted: Collection[str], setting: Setting) -> Predicate:
    return lambda facts: facts.scopes.issuperset(wanted)


def _any_owner(patterns: Sequence[str], setting: Setting) -> Predicate:
    fits = among(patterns)
    return lambda facts: any(map(fits, facts.owners))


def _all_owners(patterns: Sequence[str], setting: Setting) -> Predicate:
    fits = among(patterns)
    return lambda facts: bool(facts.owners) and all(map(fits, facts.owners))


def _untrusted_arguments(names: Collection[str], setting: Setting) -> Predicate:
    return lambda facts: not facts.untrusted_arguments.isdisjoint(names)


def _weekdays(days: Collection[Weekday], setting: Setting) -> Predicate:
    numbers = frozenset(list(Weekday).index(day) for day in days)
    return lambda facts: facts.time.astimezone(setting.zone).weekday() in numbers


def _hours(hours: str, setting: Setting) -> Predicate:
    begin, end = map(time.fromisoformat, hours.split("-"))
    return lambda facts: _within(facts.time.astimezone(setting.zone).time(), begin, end)


def _within(now: time, begin: time, end: time) -> bool:
    """From `begin` up to, but not at, `end`; equal ones are the whole day."""
    if begin < end:
        return begin <= now < end
    return now >= begin or now < end


def _arguments(tests: Mapping[str, ArgumentTest], setting: Setting) -> Predicate:
    ready = tuple((name, argument_passes(test)) for name, test in tests.items())

    def all_pass(facts: CallFacts) -> bool:
        arguments = facts.arguments
        for name, passes in ready:  # noqa: SIM110 - a generator costs as much as the tests
            if not passes(arguments.get(name), facts):
                return False
        return True

    return all_pass


_READY: Mapping[str, Callable[[Any, Setting], Predicate]] = {
    "tools": _name(attrgetter("tool")),
    "risk": _value(attrgetter("risk")),
    "origin": _value(attrgetter("origin")),
    "users": _name(attrgetter("username")),
    "groups": _groups,
    "roles": _value(lambda facts: Role.ADMIN if facts.is_admin else Role.USER),
    "scopes": _scopes,
    "tasks": _name(attrgetter("task")),
    "sessions": _name(attrgetter("session")),
    "clusters": _name(attrgetter("cluster")),
    "others_property": _truth(attrgetter("touches_others")),
    "any_owner": _any_owner,
    "all_owners": _all_owners,
    "targets_over": _over(attrgetter("target_count")),
    "jobs_over": _over(attrgetter("jobs")),
    "cpu_hours_over": _over(attrgetter("cpu_hours")),
    "confidentiality": _value(attrgetter("confidentiality")),
    "derives_from_untrusted": _truth(attrgetter("untrusted_arguments")),
    "untrusted_arguments": _untrusted_arguments,
    "shown_to_others": _truth(attrgetter("shown_to_others")),
    "weekdays": _weekdays,
    "hours": _hours,
    "arguments": _arguments,
}
