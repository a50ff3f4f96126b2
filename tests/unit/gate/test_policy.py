"""One decision of many rules, and the shipped policy, which says what the design says."""

from __future__ import annotations

from typing import Any

import pytest

from manager.gate.policy import Approver, Effect, Origin, Rule, decide
from manager.gate.policy_file import load_policy
from mcp_tools.job_counts import UNCOUNTED
from mcp_tools.spec import Confidentiality, Risk
from tests.doubles.policy_calls import call, policy, rule

DEFAULT = load_policy(None)
BOBS = frozenset({"bob"})


@pytest.mark.requirement("GATE-POLICY-01")
@pytest.mark.parametrize(
    ("changes", "effect"),
    [
        ({"tool": "list_jobs", "risk": Risk.READ}, Effect.ALLOW),
        ({}, Effect.ALLOW),
        ({"tool": "remove_jobs"}, Effect.ALLOW),
        ({"tool": "remove_jobs", "target_count": 2}, Effect.ASK),
        ({"tool": "edit_jobs", "target_count": 2, "origin": Origin.MCP}, Effect.ASK),
        ({"tool": "remove_jobs", "target_count": 2000, "origin": Origin.USER}, Effect.ALLOW),
        ({"tool": "remove_jobs", "target_count": 2000, "origin": Origin.REST}, Effect.ALLOW),
        ({"tool": "remove_jobs", "target_count": 2, "origin": Origin.USER, "owners": BOBS}, Effect.ASK),
        ({"tool": "remove_jobs", "owners": BOBS}, Effect.ASK),
        ({"tool": "remove_file", "arguments": {"path": "x", "recursive": False}}, Effect.ALLOW),
        ({"tool": "remove_file", "arguments": {"path": "x", "recursive": True}}, Effect.ASK),
        ({"jobs": 500}, Effect.ALLOW),
        ({"jobs": 501}, Effect.ASK),
        ({"tool": "submit_description", "jobs": 500, "origin": Origin.REST}, Effect.ALLOW),
        ({"tool": "submit_description", "jobs": 501, "origin": Origin.REST}, Effect.ASK),
        ({"tool": "submit_description", "jobs": UNCOUNTED, "origin": Origin.USER}, Effect.ASK),
        ({"jobs": 2, "cpu_hours": 10_001.0}, Effect.ASK),
        ({"risk": Risk.HIGH}, Effect.ASK),
        ({"risk": Risk.FORBIDDEN, "is_admin": True}, Effect.DENY),
    ],
)
def test_the_default_policy_allows_ones_own_and_asks_for_what_others_notice(
    changes: dict[str, Any], effect: Effect
) -> None:
    assert decide(DEFAULT, call(**changes)).effect is effect


def test_high_risk_on_others_property_takes_two_administrators_who_have_just_signed_in() -> None:
    decision = decide(DEFAULT, call(risk=Risk.HIGH, owners=BOBS))
    assert (decision.effect, decision.persons, decision.fresh_login_s) == (Effect.ASK, 2, 600.0)


UNTRUSTED = {"untrusted_arguments": frozenset({"path"})}


@pytest.mark.parametrize(
    ("changes", "approver"),
    [
        ({}, Approver.REQUESTER),
        ({"owners": BOBS}, Approver.ADMINISTRATOR),
        ({"risk": Risk.HIGH}, Approver.ADMINISTRATOR),
        ({"tool": "submit_job", "jobs": 501}, Approver.ADMINISTRATOR),
        ({"tool": "submit_dag", "jobs": 501}, Approver.ADMINISTRATOR),
        ({"tool": "remove_jobs", "target_count": 2}, Approver.ADMINISTRATOR),
    ],
)
def test_what_the_model_changes_after_reading_others_text_is_for_the_requester_to_confirm_unless_more_is_at_stake(
    changes: dict[str, Any], approver: Approver
) -> None:
    decision = decide(DEFAULT, call(**UNTRUSTED, **changes))
    assert (decision.effect, decision.approver) == (Effect.ASK, approver)


@pytest.mark.parametrize("changes", [{"risk": Risk.HIGH}, {"owners": BOBS}])
def test_no_rule_lets_a_requester_confirm_a_high_risk_or_what_belongs_to_others(changes: dict[str, Any]) -> None:
    mine = policy(rule("ask", "mine", approver="requester"))
    assert decide(mine, call()).approver is Approver.REQUESTER
    assert decide(mine, call(**changes)).approver is Approver.ADMINISTRATOR
    raised = policy(rule("ask", "mine", approver="requester"), rule("allow", "raises", risk="high"))
    assert decide(raised, call()).approver is Approver.ADMINISTRATOR


@pytest.mark.parametrize(
    "wrong", [{"effect": "allow"}, {"effect": "ask", "persons": 2}, {"effect": "ask", "fresh_login": "10m"}]
)
def test_a_rule_in_which_the_requester_approves_asks_and_takes_no_more_than_that(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"approver|requester"):
        Rule.model_validate({"id": "one", "when": {}, "reason": "r", "approver": "requester", **wrong})


@pytest.mark.requirement("GATE-POLICY-02")
def test_a_decision_names_the_rule_that_fired_and_the_policy_version() -> None:
    decision = decide(DEFAULT, call(tool="remove_jobs", owners=BOBS))
    assert (decision.rule, decision.policy_version, decision.risk) == ("others-property", DEFAULT.version, Risk.HIGH)


def test_a_call_that_no_rule_matches_is_denied() -> None:
    assert decide(policy(), call()).rule == "no-rule"


def test_the_strictest_effect_wins_whatever_the_order() -> None:
    rules = [rule(effect, effect) for effect in ("allow", "ask", "deny")]
    rules.append(rule("throttle", "throttle", {"rate": {"over": 0, "per": "1m"}}))
    assert decide(policy(*rules), call()).rule == "deny"
    assert decide(policy(rules[0], rules[3], rules[1]), call()).rule == "throttle"
    assert decide(policy(rules[1], rules[0]), call()).rule == "ask"


def test_an_approval_takes_what_the_strictest_of_all_matching_rules_says() -> None:
    rules = [rule("ask", "two", persons=2), rule("ask", "new", fresh_login="10m"), rule("ask", "old", fresh_login="1h")]
    decision = decide(policy(*rules), call())
    assert (decision.effect, decision.persons, decision.fresh_login_s) == (Effect.ASK, 2, 600.0)


def test_what_is_forbidden_is_denied_whatever_the_rules_say() -> None:
    decision = decide(policy(rule("allow")), call(risk=Risk.FORBIDDEN, is_admin=True))
    assert (decision.effect, decision.rule) == (Effect.DENY, "forbidden")


def test_the_trace_says_of_each_rule_that_names_the_tool_whether_it_matched_or_what_did_not_hold() -> None:
    rules = [
        rule("ask", "always"),
        rule("ask", "tainted", {"derives_from_untrusted": True}),
        rule("ask", "reads", {"risk": ["read"]}),
        rule("deny", "of-another-tool", {"tools": ["remove_*"]}),
    ]
    assert dict(decide(policy(*rules), call()).trace) == {
        "always": "matched",
        "tainted": "derives_from_untrusted",
        "reads": "risk",
    }


def test_a_rule_sees_arguments_that_derive_from_untrusted_text_and_what_the_conversation_has_read() -> None:
    asking = policy(rule("ask", when={"derives_from_untrusted": True, "confidentiality": ["user", "experiment"]}))
    tainted = call(untrusted_arguments=frozenset({"script"}), confidentiality=Confidentiality.USER)
    assert decide(asking, tainted).effect is Effect.ASK
    assert decide(asking, call()).rule == "no-rule"


def test_the_version_of_a_policy_is_its_content_and_not_the_order_of_its_rules() -> None:
    one, other = rule("allow", "one"), rule("deny", "other")
    assert policy(one, other).version == policy(other, one).version
    assert policy(one).version != policy(rule("ask", "one")).version
    assert policy(one).version != policy(one, groups={"hep": ["alice"]}).version
