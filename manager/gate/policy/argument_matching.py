"""Tests of arguments made ready; see `argument_test` for what each means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from pydantic import JsonValue

from manager.gate.policy.argument_test import ArgumentTest
from manager.gate.policy.facts import CallFacts
from manager.gate.policy.names import among
from manager.gate.policy.paths import beneath

Passes = Callable[[JsonValue, CallFacts], bool]


def argument_passes(test: ArgumentTest) -> Passes:
    """One predicate of all tests that are given."""
    checks = tuple(make(getattr(test, name)) for name, make in _READY.items() if name in test.model_fields_set)
    if len(checks) == 1:
        return checks[0]
    return lambda value, facts: all(check(value, facts) for check in checks)


def _given(wanted: bool) -> Passes:
    return lambda value, facts: (value is not None) == wanted


def _equals(wanted: JsonValue) -> Passes:
    return lambda value, facts: _same(value, wanted)


def _one_of(options: Sequence[JsonValue]) -> Passes:
    return lambda value, facts: value is not None and any(_same(value, option) for option in options)


def _none_of(options: Sequence[JsonValue]) -> Passes:
    return lambda value, facts: value is not None and not any(_same(value, option) for option in options)


def _over(limit: float) -> Passes:
    return lambda value, facts: _is_number(value) and value > limit


def _under(limit: float) -> Passes:
    return lambda value, facts: _is_number(value) and value < limit


def _longer_than(limit: int) -> Passes:
    return lambda value, facts: isinstance(value, str | list | tuple) and len(value) > limit


def _like(patterns: Sequence[str]) -> Passes:
    fits = among(patterns)
    return lambda value, facts: isinstance(value, str) and fits(value)


def _beneath(places: Sequence[str]) -> Passes:
    return lambda value, facts: isinstance(value, str) and beneath(value, places, facts)


def _outside(places: Sequence[str]) -> Passes:
    return lambda value, facts: isinstance(value, str) and not beneath(value, places, facts)


def _some(test: ArgumentTest) -> Passes:
    passes = argument_passes(test)
    return lambda value, facts: isinstance(value, list | tuple) and any(passes(item, facts) for item in value)


def _every(test: ArgumentTest) -> Passes:
    passes = argument_passes(test)
    return lambda value, facts: (
        isinstance(value, list | tuple) and bool(value) and all(passes(item, facts) for item in value)
    )


_READY: Mapping[str, Callable[[Any], Passes]] = {
    "given": _given,
    "equals": _equals,
    "one_of": _one_of,
    "none_of": _none_of,
    "over": _over,
    "under": _under,
    "longer_than": _longer_than,
    "like": _like,
    "beneath": _beneath,
    "outside": _outside,
    "some": _some,
    "every": _every,
}


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Equal as JSON: true is not 1, though 1.0 is."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _is_number(value: JsonValue) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
