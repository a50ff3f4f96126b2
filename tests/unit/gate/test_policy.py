"""The policy: strictest effect wins, nothing unmatched is allowed, and the default policy says what the design says."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.gate.policy import CallFacts, Condition, Effect, Origin, Policy, Rule, decide
from manager.gate.policy_file import PolicyInvalid, load_policy, parse_policy
from mcp_tools.spec import Risk

OWN_WRITE = CallFacts(
    tool="submit_job",
    risk=Risk.WRITE,
    origin=Origin.MODEL,
    username="alice",
    is_admin=False,
    arguments={"script": "hello.sh", "count": 1},
    owners=frozenset(),
    target_count=0,
)
DEFAULT = load_policy(None)


@pytest.mark.requirement("GATE-POLICY-01")
@pytest.mark.parametrize(
    ("facts", "effect"),
    [
        (replace(OWN_WRITE, tool="list_jobs", risk=Risk.READ), Effect.ALLOW),
        (OWN_WRITE, Effect.ALLOW),
        (replace(OWN_WRITE, tool="remove_jobs", owners=frozenset({"alice"}), target_count=1), Effect.ALLOW),
        (replace(OWN_WRITE, tool="remove_jobs", owners=frozenset({"alice"}), target_count=2), Effect.ASK),
        (replace(OWN_WRITE, tool="remove_jobs", owners=frozenset({"bob"}), target_count=1), Effect.ASK),
        (replace(OWN_WRITE, tool="remove_file", arguments={"path": "x", "recursive": True}), Effect.ASK),
        (replace(OWN_WRITE, arguments={"script": "x", "count": 501}), Effect.ASK),
        (replace(OWN_WRITE, risk=Risk.HIGH), Effect.ASK),
        (replace(OWN_WRITE, risk=Risk.FORBIDDEN, is_admin=True), Effect.DENY),
    ],
)
def test_the_default_policy_allows_ones_own_and_asks_for_what_others_notice(facts: CallFacts, effect: Effect) -> None:
    assert decide(DEFAULT, facts).effect is effect


@pytest.mark.requirement("GATE-POLICY-02")
def test_a_decision_names_the_rule_that_fired_and_the_policy_version() -> None:
    decision = decide(DEFAULT, replace(OWN_WRITE, tool="remove_jobs", owners=frozenset({"bob"}), target_count=1))
    assert (decision.rule, decision.policy_version, decision.risk) == ("others-property", DEFAULT.version, Risk.HIGH)


def test_a_call_that_no_rule_matches_is_denied() -> None:
    assert decide(Policy(version="0", rules=()), OWN_WRITE).effect is Effect.DENY


rules = st.builds(
    Rule,
    id=st.text("abcdef", min_size=1, max_size=6),
    when=st.builds(
        Condition,
        risk=st.none() | st.tuples(st.sampled_from(Risk)),
        origin=st.none() | st.tuples(st.sampled_from(Origin)),
        others_property=st.none() | st.booleans(),
        targets_over=st.none() | st.integers(0, 3),
    ),
    effect=st.sampled_from(Effect),
    reason=st.just("because"),
)
facts = st.builds(
    replace,
    st.just(OWN_WRITE),
    risk=st.sampled_from(Risk),
    origin=st.sampled_from(Origin),
    owners=st.frozensets(st.sampled_from(["alice", "bob"])),
    target_count=st.integers(0, 5),
)


@given(st.lists(rules, max_size=8, unique_by=lambda rule: rule.id), facts, st.randoms())
def test_the_order_of_rules_means_nothing(some: list[Rule], call: CallFacts, chance: random.Random) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert decide(Policy(version="0", rules=tuple(some)), call) == decide(
        Policy(version="0", rules=tuple(shuffled)), call
    )


@given(st.lists(rules, max_size=8, unique_by=lambda rule: rule.id), facts)
def test_a_matching_denial_always_wins(some: list[Rule], call: CallFacts) -> None:
    denial = Rule(id="zzzzzzz", when=Condition(), effect=Effect.DENY, reason="no")
    assert decide(Policy(version="0", rules=(*some, denial)), call).effect is Effect.DENY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\nrules: [", "is not YAML"),
        ("version: a\nrules:\n  - {id: x, when: {colour: red}, effect: allow, reason: r}", "rules.0.when.colour"),
        ("version: a\nrules:\n  - {id: x, when: {}, effect: perhaps, reason: r}", "rules.0.effect"),
        (
            "version: a\nrules: [&r {id: x, when: {}, effect: ask, reason: r}, *r]",
            "used twice",
        ),
    ],
)
def test_a_policy_with_a_mistake_is_refused_and_its_place_is_named(text: str, said: str) -> None:
    with pytest.raises(PolicyInvalid, match=said.replace(".", r"\.")):
        parse_policy(text, "site.yaml")
