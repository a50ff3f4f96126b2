"""A policy file: read whole or refused with line, column and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manager.gate.policy import Effect, decide
from manager.gate.policy_file import PolicyInvalid, load_policy, parse_policy
from mcp_tools.spec import Risk
from tests.doubles.policy_calls import call

RULE = "{id: x, when: {}, effect: ask, reason: r}"
MISTAKES = {
    "no YAML": ("version: 1\nrules: [", "site.yaml:2:9: is not YAML"),
    "unknown key": (
        "version: 1\nrules:\n  - id: x\n    when: {colour: red}\n    effect: allow\n    reason: r",
        "site.yaml:4:12: rules.0.when.colour: unknown key; known are tools",
    ),
    "a slip": (
        "version: 1\nrules:\n  - {id: x, when: {}, efect: allow, reason: r}",
        "site.yaml:3:23: rules.0.efect: unknown key; did you mean effect?",
    ),
    "effect": (
        "version: 1\nrules:\n  - {id: x, when: {}, effect: perhaps, reason: r}",
        "site.yaml:3:31: rules.0.effect: Input should be 'allow', 'ask', 'throttle' or 'deny'",
    ),
    "missing": ("version: 1\nrules: [{id: x, when: {}, effect: ask}]", "site.yaml:2:9: rules.0.reason: it is missing"),
    "twice": (f"version: 1\nrules: [{RULE}, {RULE}]", "site.yaml:2:14: rules.0.id: the id 'x' is used twice"),
    "not a number": (
        "version: 1\nrules: [{id: x, when: {arguments: {a: {is: .nan}}}, effect: ask, reason: r}]",
        "site.yaml:2:44: a number this large, or none at all",
    ),
    "a number that no record holds": (
        f"version: 1\nrules: [{{id: x, when: {{jobs_over: 0x{'f' * 5000}}}, effect: ask, reason: r}}]",
        "site.yaml:2:35: a number this large, or none at all",
    ),
    "a number out of all bounds": (
        f"version: 1\nrules: [{{id: x, when: {{cpu_hours_over: {'59:' * 5000}59.5}}, effect: ask, reason: r}}]",
        "site.yaml:2:40: is not YAML: int too large",
    ),
    "alias": (f"version: 1\nrules: [&r {RULE}, *r]", "site.yaml:2:55: is not YAML: aliases are not for policies"),
    "a key twice": ("version: 1\nversion: 1\nrules: []", "site.yaml:2:1: the key 'version' is given twice"),
    "a date": (f"version: 1\nrules: [{RULE}]\ngroups: {{a: [2026-01-01]}}", "site.yaml:3:14: timestamp is not for"),
    "a number as text": (
        "version: 1\nrules: [{id: 7, when: {}, effect: ask, reason: r}]",
        "site.yaml:2:14: rules.0.id: Input should be a valid string; put it in quotes",
    ),
    "language": ("version: 2\nrules: []", "site.yaml:1:10: version: Input should be 1"),
    "an empty condition": (
        "version: 1\nrules: [{id: x, when: {tools: []}, effect: ask, reason: r}]",
        "rules.0.when: tools is empty; leave it out",
    ),
    "persons": (
        "version: 1\nrules: [{id: x, when: {}, effect: allow, reason: r, persons: 2}]",
        "rules.0: approver, persons and fresh_login say what an approval takes",
    ),
    "throttle": ("version: 1\nrules: [{id: x, when: {}, effect: throttle, reason: r}]", "throttle needs a rate"),
    "rate allows": (
        "version: 1\nrules: [{id: x, when: {rate: {over: 1, per: 1m}}, effect: allow, reason: r}]",
        "a rate limits, so it cannot allow",
    ),
    "duration": (
        "version: 1\nrules: [{id: x, when: {rate: {over: 1, per: soon}}, effect: ask, reason: r}]",
        "site.yaml:2:45: rules.0.when.rate.per: a duration is a number with s, m, h or d",
    ),
    "forbidden": (
        "version: 1\nrules: [{id: x, when: {}, effect: ask, reason: r, risk: forbidden}]",
        "give it the effect deny",
    ),
    "group": (
        "version: 1\nrules: [{id: x, when: {groups: [hep]}, effect: ask, reason: r}]",
        "site.yaml:2:32: rules.0.when.groups: no group 'hep' is defined",
    ),
    "zone": ("version: 1\ntimezone: Mars/North\nrules: []", "site.yaml:2:11: timezone: there is no time zone"),
    "a relative place": (
        "version: 1\nrules: [{id: x, when: {arguments: {p: {beneath: [data]}}}, effect: ask, reason: r}]",
        "a path here begins with / or ~",
    ),
    "without": ("version: 1\nextends: default\nwithout: [gone]\nrules: []", "site.yaml:3:11: without.0: there is no"),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(text, "site.yaml")
    assert said in str(refused.value)


def test_all_mistakes_are_listed_and_the_first_few_are_said() -> None:
    rules = "".join(f"- {{id: r{number}, when: {{}}, effect: no, reason: r}}\n" for number in range(9))
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(f"version: 1\nrules:\n{rules}", "site.yaml")
    assert [problem.line for problem in refused.value.problems] == list(range(3, 12))
    assert str(refused.value).endswith("and 4 more")


@settings(deadline=None)
@given(st.integers(0, 30), st.sampled_from(["colour: red", "targets_over: many", "risk: [huge]", "hours: noon"]))
def test_a_mistake_is_found_on_its_line_wherever_it_stands(before: int, mistake: str) -> None:
    good = "".join(f"  - {{id: g{number}, when: {{}}, effect: ask, reason: r}}\n" for number in range(before))
    bad = f"  - id: bad\n    effect: ask\n    reason: r\n    when:\n      {mistake}\n"
    with pytest.raises(PolicyInvalid) as refused:
        parse_policy(f"version: 1\nrules:\n{good}{bad}", "site.yaml")
    assert [problem.line for problem in refused.value.problems] == [2 + before + 5]


def test_a_file_over_the_shipped_rules_replaces_leaves_out_and_adds() -> None:
    text = """
        version: 1
        extends: default
        without: [many-submissions]
        rules:
          - {id: reads, when: {risk: [read]}, effect: deny, reason: r}
          - {id: mine, when: {tools: [submit_job], jobs_over: 900}, effect: deny, reason: r}
    """
    site = parse_policy(text, "site.yaml")
    assert decide(site, call(tool="list_jobs", risk=Risk.READ)).effect is Effect.DENY
    assert decide(site, call(jobs=600)).effect is Effect.ALLOW
    assert decide(site, call(jobs=901)).rule == "mine"
    assert len(site.rules) == len(load_policy(None).rules)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match=r"none\.yaml cannot be read"):
        load_policy(tmp_path / "none.yaml")
