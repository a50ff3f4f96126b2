"""The policy: strictest effect wins, nothing unmatched is allowed, and the default policy says what the design says."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.gate.policy import CallFacts, Condition, Effect, Origin, Policy, Rule, decide
from manager.gate.policy_file import PolicyInvalid, load_policy, parse_policy
from mcp_tools.spec import Confidentiality, Risk

OWN_WRITE = CallFacts(
    time=datetime(2026, 1, 1, tzinfo=UTC),
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


def ask(**changes: object) -> Rule:
    return Rule.model_validate({"id": "ask", "when": {}, "effect": "ask", "reason": "because", **changes})


def test_an_approval_takes_what_the_strictest_of_all_matching_rules_says() -> None:
    rules = (ask(persons=2), ask(id="login", fresh_login="10m"), ask(id="older", fresh_login="1h"))
    decision = decide(Policy(version="0", rules=rules), OWN_WRITE)
    assert (decision.effect, decision.persons, decision.fresh_login_s) == (Effect.ASK, 2, 600.0)


def test_what_is_forbidden_is_denied_whatever_the_rules_say() -> None:
    everything = ask(effect="allow")
    decision = decide(Policy(version="0", rules=(everything,)), replace(OWN_WRITE, risk=Risk.FORBIDDEN, is_admin=True))
    assert (decision.effect, decision.rule) == (Effect.DENY, "forbidden")


def test_the_trace_says_of_each_rule_whether_it_matched_or_what_did_not_hold() -> None:
    rules = (ask(), ask(id="tainted", when={"derives_from_untrusted": True}), ask(id="reads", when={"risk": ["read"]}))
    trace = decide(Policy(version="0", rules=rules), OWN_WRITE).trace
    assert {looked.rule: looked.found for looked in trace} == {
        "ask": "matched",
        "tainted": "derives_from_untrusted",
        "reads": "risk",
    }


def test_a_rule_sees_arguments_that_derive_from_untrusted_text_and_what_the_conversation_has_read() -> None:
    rule = ask(when={"derives_from_untrusted": True, "confidentiality": ["user", "experiment"]})
    tainted = replace(OWN_WRITE, untrusted_arguments=frozenset({"script"}), confidentiality=Confidentiality.USER)
    assert decide(Policy(version="0", rules=(rule,)), tainted).effect is Effect.ASK
    assert decide(Policy(version="0", rules=(rule,)), OWN_WRITE).rule == "no-rule"


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
