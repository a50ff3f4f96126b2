"""What holds for every policy: a denial wins, order means nothing, one more limit never lets more through."""

from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from manager.gate.policy import CallFacts, Effect, Origin, Rule, decide
from manager.gate.policy_file import parse_policy
from mcp_tools.spec import Confidentiality, Risk
from tests.doubles.policy_calls import call, policy, rule

EFFECTS = tuple(effect.value for effect in Effect)
STRICTNESS = {effect: place for place, effect in enumerate(Effect)}
conditions = st.fixed_dictionaries(
    {},
    optional={
        "tools": st.sampled_from([["submit_*"], ["list_jobs"], ["*"]]),
        "risk": st.lists(st.sampled_from([risk.value for risk in Risk]), min_size=1, max_size=2),
        "origin": st.lists(st.sampled_from([origin.value for origin in Origin]), min_size=1, max_size=2),
        "others_property": st.booleans(),
        "targets_over": st.integers(0, 3),
        "derives_from_untrusted": st.booleans(),
        "arguments": st.sampled_from([{"count": {"over": 3}}, {"count": {"given": False}}, {"x": {"is": None}}]),
    },
)
rates = st.sampled_from([{"over": 0, "per": "1m"}, {"over": 5, "per": "1h", "of": "targets"}])


@st.composite
def rules_of(
    draw: st.DrawFn, effects: tuple[str, ...] = ("allow", "ask", "throttle", "deny"), prefix: str = ""
) -> Rule:
    effect, when = draw(st.sampled_from(effects)), draw(conditions)
    if effect == "throttle":
        when = {**when, "rate": draw(rates)}
    return rule(effect, prefix + draw(st.text("abcdef", min_size=1, max_size=6)), when)


def unique(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[list[Rule]]:
    return st.lists(rules, max_size=8, unique_by=lambda one: one.id)


calls = st.builds(
    call,
    tool=st.sampled_from(["submit_job", "list_jobs"]),
    risk=st.sampled_from(Risk),
    origin=st.sampled_from(Origin),
    is_admin=st.booleans(),
    owners=st.frozensets(st.sampled_from(["alice", "bob"])),
    target_count=st.integers(0, 9),
    untrusted_arguments=st.frozensets(st.sampled_from(["script"])),
    confidentiality=st.sampled_from(Confidentiality),
    shown_to_others=st.booleans(),
    arguments=st.fixed_dictionaries({}, optional={"count": st.integers(0, 9) | st.none()}),
)


@settings(deadline=None)
@given(unique(rules_of()), calls, st.randoms())
def test_the_order_of_rules_means_nothing(rules: list[Rule], facts: CallFacts, chance: random.Random) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)
    assert decide(policy(*rules), facts) == decide(policy(*shuffled), facts)


@settings(deadline=None)
@given(unique(rules_of()), calls)
def test_a_matching_denial_always_wins(rules: list[Rule], facts: CallFacts) -> None:
    assert decide(policy(*rules, rule("deny", "no")), facts).effect is Effect.DENY


@settings(deadline=None)
@given(unique(rules_of()), calls, rules_of(effects=("ask", "throttle", "deny"), prefix="more-"))
def test_one_more_rule_that_does_not_allow_never_lets_more_through(
    rules: list[Rule], facts: CallFacts, more: Rule
) -> None:
    """What no rule matched was denied; a rule that asks for it is the one case in which asking is less."""
    before, after = decide(policy(*rules), facts), decide(policy(*rules, more), facts)
    assert after.effect is not Effect.ALLOW or before.effect is Effect.ALLOW
    if before.rule != "no-rule":
        assert STRICTNESS[after.effect] >= STRICTNESS[before.effect]
        assert after.persons >= before.persons


@settings(deadline=None)
@given(unique(rules_of()), calls)
def test_what_is_forbidden_stays_forbidden(rules: list[Rule], facts: CallFacts) -> None:
    forbidden = call(tool=facts.tool, risk=Risk.FORBIDDEN, is_admin=facts.is_admin)
    assert decide(policy(*rules, rule("allow", "everything")), forbidden).effect is Effect.DENY


@settings(deadline=None)
@given(unique(rules_of()), calls)
def test_the_trace_names_every_rule_that_could_matter_once(rules: list[Rule], facts: CallFacts) -> None:
    decision = decide(policy(*rules), facts)
    traced = [looked.rule for looked in decision.trace]
    assert len(traced) == len(set(traced))
    matched = {looked.rule for looked in decision.trace if looked.found == "matched"}
    assert decision.rule in matched | {"no-rule", "forbidden"}


@settings(deadline=None)
@given(unique(rules_of()))
def test_a_policy_written_to_a_file_is_the_same_policy_when_it_is_read(rules: list[Rule]) -> None:
    written = policy(*rules)
    assert parse_policy(json.dumps(written.content()), "written").version == written.version
