"""Each condition of a rule: when it holds, when it does not, and what an absent or odd value means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ink_core.identity.principal import ADMIN_SCOPES
from manager.gate.policy import Effect, decide
from mcp_tools.spec import Confidentiality
from tests.doubles.policy_calls import call, policy, rule

HOLDS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    # condition, a call of which it holds, a call of which it does not
    "tools": ({"tools": ["submit_*"]}, {}, {"tool": "list_jobs"}),
    "risk": ({"risk": ["write"]}, {}, {"risk": "read"}),
    "origin": ({"origin": ["model", "mcp"]}, {}, {"origin": "rest"}),
    "users": ({"users": ["svc-*", "alice"]}, {}, {"username": "bob"}),
    "groups": ({"groups": ["hep"]}, {}, {"username": "bob"}),
    "roles": ({"roles": ["admin"]}, {"is_admin": True}, {}),
    "scopes": ({"scopes": ["jobs:submit", "audit:read"]}, {"scopes": ADMIN_SCOPES}, {}),
    "tasks": ({"tasks": ["mc-*"]}, {"task": "mc-7"}, {"task": None}),
    "sessions": ({"sessions": ["session:*"]}, {}, {"session": "mcp:x"}),
    "clusters": ({"clusters": ["pool"]}, {"cluster": "pool"}, {"cluster": None}),
    "others": ({"others_property": True}, {"owners": {"alice", "bob"}}, {}),
    "any_owner": ({"any_owner": ["root"]}, {"owners": {"alice", "root"}}, {}),
    "all_owners": ({"all_owners": ["alice"]}, {}, {"owners": {"alice", "root"}}),
    "no owner": ({"all_owners": ["*"]}, {}, {"owners": set[str]()}),
    "targets_over": ({"targets_over": 3}, {"target_count": 4}, {"target_count": 3}),
    "jobs_over": ({"jobs_over": 10}, {"jobs": 11}, {"jobs": 10}),
    "cpu_hours_over": ({"cpu_hours_over": 0.5}, {"cpu_hours": 0.6}, {"cpu_hours": 0.5}),
    "confidentiality": ({"confidentiality": ["user"]}, {"confidentiality": Confidentiality.USER}, {}),
    "trusted": ({"derives_from_untrusted": False}, {}, {"untrusted_arguments": {"script"}}),
    "shown_to_others": ({"shown_to_others": True}, {"shown_to_others": True}, {}),
    "untrusted": ({"untrusted_arguments": ["script"]}, {"untrusted_arguments": {"script"}}, {}),
}


@pytest.mark.parametrize(("when", "holds", "fails"), HOLDS.values(), ids=HOLDS)
def test_a_condition_holds_or_not(when: dict[str, Any], holds: dict[str, Any], fails: dict[str, Any]) -> None:
    rules = policy(rule("allow", when=when), groups={"hep": ["alice"]})
    assert decide(rules, call(**_frozen(holds))).effect is Effect.ALLOW
    assert decide(rules, call(**_frozen(fails))).effect is Effect.DENY


def _frozen(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset[str](value) if isinstance(value, set) else value for name, value in changes.items()}


ARGUMENTS: dict[str, tuple[dict[str, Any], list[Any], list[Any]]] = {
    # test, values that pass, values that do not
    "is": ({"is": 1}, [1, 1.0], [True, "1", 2, None]),
    "is true": ({"is": True}, [True], [1, "true", None]),
    "is null": ({"is": None}, [None], [0, "", False]),
    "given": ({"given": True}, ["", 0, False], [None]),
    "not given": ({"given": False}, [None], [0]),
    "one_of": ({"one_of": ["a", "b"]}, ["a"], ["c", None, ["a"]]),
    "none_of": ({"none_of": ["a", 1]}, ["c", True], ["a", 1, None]),
    "bounds": ({"over": 5, "under": 10}, [5.1, 9], [5, 10, True, "7", None]),
    "longer_than": ({"longer_than": 2}, ["abc", [1, 2, 3]], ["ab", [], 3, None]),
    "like": ({"like": ["*.sh", "run[0-9]"]}, ["a/b.sh", "run7"], ["a.py", "xrun7", 7, None]),
    "some": ({"some": {"like": ["rm"]}}, [["ls", "rm"]], [["ls"], [], "rm", None]),
    "every": ({"every": {"like": ["l*"]}}, [["ls", "ln"]], [["ls", "rm"], [], "ls", None]),
}


@pytest.mark.parametrize(("test", "passing", "failing"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_a_test_of_an_argument_passes_or_not(test: dict[str, Any], passing: list[Any], failing: list[Any]) -> None:
    rules = policy(rule("allow", when={"arguments": {"x": test}}))
    effects = {repr(value): decide(rules, call(arguments={"x": value})).effect for value in [*passing, *failing]}
    assert [effects[repr(value)] for value in passing] == [Effect.ALLOW] * len(passing)
    assert [effects[repr(value)] for value in failing] == [Effect.DENY] * len(failing)


def test_an_argument_that_is_not_there_is_null() -> None:
    rules = policy(rule("allow", when={"arguments": {"x": {"given": False}}}))
    assert decide(rules, call(arguments={})).effect is Effect.ALLOW


PATHS = [
    ("/data", "/data", True),
    ("/data", "/data/a/../b", True),
    ("/data", "//data/x", True),
    ("/data/", "/data/x", True),
    ("/data", "/data2/x", False),
    ("/data", "/data/../etc/passwd", False),
    ("/data", "/data/x\0", False),
    ("/", "/anything", True),
    (".", "sub/file", True),
    (".", "sub/../../other", False),
    (".", "/scratch/alice/x", True),
    ("~", "~/x", True),
    ("~", "x", False),
    ("/home/alice", "~", True),
    ("/home/bob", "~bob/x", False),
    ("~/private", "~/private2", False),
]


@pytest.mark.parametrize(("place", "path", "beneath"), PATHS)
def test_paths_are_compared_name_by_name_after_dots_are_gone(place: str, path: str, beneath: bool) -> None:
    facts = call(arguments={"path": path}, home="/home/alice", workspace="/scratch/alice")
    inside = policy(rule("allow", when={"arguments": {"path": {"beneath": [place]}}}))
    outside = policy(rule("deny", when={"arguments": {"path": {"outside": [place]}}}), rule("allow", "other"))
    assert (decide(inside, facts).effect is Effect.ALLOW) is beneath
    assert (decide(outside, facts).effect is Effect.DENY) is not beneath


def test_a_path_whose_beginning_nobody_knows_is_certainly_nowhere() -> None:
    facts = call(arguments={"path": "a/b"})
    assert decide(policy(rule("allow", when={"arguments": {"path": {"beneath": ["."]}}})), facts).rule == "no-rule"
    assert decide(policy(rule("deny", when={"arguments": {"path": {"outside": ["."]}}})), facts).rule == "r"


@pytest.mark.parametrize(
    ("when", "zone", "hour", "holds"),
    [
        ({"hours": "08:00-18:00"}, "UTC", 8, True),
        ({"hours": "08:00-18:00"}, "UTC", 18, False),
        ({"hours": "08:00-18:00"}, "Asia/Shanghai", 8, True),
        ({"hours": "08:00-18:00"}, "Asia/Shanghai", 12, False),
        ({"hours": "22:00-06:00"}, "UTC", 23, True),
        ({"hours": "22:00-06:00"}, "UTC", 5, True),
        ({"hours": "22:00-06:00"}, "UTC", 12, False),
        ({"weekdays": ["thu"]}, "UTC", 23, True),
        ({"weekdays": ["thu"]}, "Asia/Shanghai", 23, False),
        ({"weekdays": ["sat", "sun"]}, "UTC", 12, False),
    ],
)
def test_time_of_day_and_weekday_are_those_of_the_policys_zone(
    when: dict[str, Any], zone: str, hour: int, holds: bool
) -> None:
    facts = call(time=datetime(2026, 1, 1, hour, tzinfo=UTC))
    decision = decide(policy(rule("allow", when=when), timezone=zone), facts)
    assert (decision.effect is Effect.ALLOW) is holds
