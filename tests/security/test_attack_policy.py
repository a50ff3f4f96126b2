"""A policy file is refused whole, in words, for everything that it should not be: code, bombs, bytes, double keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from manager.gate.policy_file import PolicyInvalid, load_policy

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
    assert "policy.yaml" in str(refusal.value)
    assert len(str(refusal.value)) < 1000
