"""A policy file is refused whole, in words, for everything that it should not be: code, bombs, bytes, double keys."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from manager.gate.policy import decide
from manager.gate.policy_file import PolicyInvalid, load_policy
from tests.doubles.policy_calls import call, policy, rule

GOOD = 'version: "1"\nrules:\n- {id: a, when: {}, effect: deny, reason: because}\n'
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "nothing": b"",
    "code": b'!!python/object/apply:os.system ["true"]',
    "an alias bomb": (BOMB + "version: *i\nrules: []\n").encode(),
    "an alias of itself": b"version: &x [*x]\nrules: *x\n",
    "deep nesting": b"[" * 5000,
    "no text": b"\xff\xfe\x00",
    "the rules twice": (GOOD + "rules: []\n").encode(),
    "an effect twice": GOOD.replace("effect: deny", "effect: deny, effect: allow").encode(),
    "an unknown condition": GOOD.replace("when: {}", "when: {user: alice}").encode(),
    "a huge file": b"#" * 300_000 + GOOD.encode(),
    "a bomb in an argument": (
        BOMB + "version: 1\nrules:\n- {id: a, when: {arguments: {x: {is: *i}}}, effect: deny, reason: because}\n"
    ).encode(),
    "ten thousand rules": b"version: 1\nrules:\n" + b"- {}\n" * 10_000,
    "nested tests of an argument": GOOD.replace(
        "when: {}", "when: {arguments: {x: " + "{some: " * 900 + "{is: 1}" + "}" * 900 + "}}"
    ).encode(),
    "a merge key": GOOD.replace("when: {}", "when: {<<: {risk: [read]}}").encode(),
    "a binary": GOOD.replace("because", "!!binary aGk=").encode(),
    "a date": GOOD.replace("because", "2026-01-01").encode(),
    "an infinite limit": GOOD.replace("when: {}", "when: {cpu_hours_over: .inf}").encode(),
    "an enormous number": GOOD.replace("when: {}", "when: {targets_over: 1" + "0" * 5_000 + "}").encode(),
    "a path as a time zone": (GOOD + "timezone: ../../../etc/passwd\n").encode(),
    "an id with a line in it": GOOD.replace("id: a", 'id: "a\\nb"').encode(),
    "a limit that is no number": GOOD.replace("when: {}", "when: {targets_over: .nan}").encode(),
    "no condition": GOOD.replace("when: {}", "when: null").encode(),
}


def test_the_policy_that_the_hostile_ones_are_made_of_is_good(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(GOOD)
    assert [rule.id for rule in load_policy(file).rules] == ["a"]


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_policy_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "policy.yaml"
    file.write_bytes(content)
    with pytest.raises(PolicyInvalid) as refusal:
        load_policy(file)
    assert f"{file}" in str(refusal.value)
    assert len(str(refusal.value)) < 1000


EVIL_SHAPES = ["*a" * 99, "[" * 199, "?*" * 99, "*" * 200, "[!" * 99 + "]"]


@pytest.mark.parametrize("shape", EVIL_SHAPES)
def test_no_pattern_of_a_rule_takes_long_on_any_argument(shape: str) -> None:
    """Patterns are shell-style ones of bounded length, so that a rule cannot hold up the gate."""
    slow = rule("deny", when={"arguments": {"script": {"like": [shape]}}})
    facts = call(arguments={"script": "a" * 4095 + "b"})
    began = time.thread_time()
    decide(policy(slow), facts)
    assert time.thread_time() - began < 1
