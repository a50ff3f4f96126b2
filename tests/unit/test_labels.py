"""The lattice of labels: joining loses nothing, whatever the order, and directory trees say what their files are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ink_core.labels import HIGHEST, LOWEST, Confidentiality, Integrity, Label, most_confidential
from mcp_tools.path_labels import PathLabels, TreeRule

labels = st.builds(Label, st.sampled_from(Confidentiality), st.sampled_from(Integrity))
P, S, U, E = Confidentiality


@given(labels, labels, labels)
def test_a_join_is_associative_commutative_and_idempotent(a: Label, b: Label, c: Label) -> None:
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(b) == b.join(a)
    assert a.join(a) == a


@given(labels, labels, labels)
def test_a_join_is_monotone_and_the_least_label_above_both(a: Label, b: Label, c: Label) -> None:
    joined = a.join(b)
    assert joined.covers(a)
    assert joined.covers(b)
    if b.covers(a):
        assert c.join(b).covers(c.join(a))
    if c.covers(a) and c.covers(b):
        assert c.covers(joined)


@given(labels)
def test_the_ends_of_the_lattice_and_the_way_to_the_ledger_and_back(a: Label) -> None:
    assert (LOWEST.join(a), HIGHEST.join(a)) == (a, HIGHEST)
    assert Label.from_json(a.to_json()) == a


@given(st.lists(labels))
def test_the_most_confidential_of_many_is_none_below_any_of_them(many: list[Label]) -> None:
    levels = [label.confidentiality for label in many]
    highest = most_confidential(levels)
    assert all(level.rank <= highest.rank for level in levels)
    assert highest in levels or (not levels and highest is Confidentiality.PUBLIC)


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("/home/alice", U),
        ("/scratch/alice", S),
        ("/scratch/alice/", S),
        ("/scratchy", U),
        ("/eos/experiment", E),
        ("/eos/experiment/run1", E),
        ("/eos/experiment/public/plots", P),
        ("/eos", E),
        ("/", E),
        ("/data/alice/open", S),
        ("/data/alice", U),
    ],
)
def test_a_root_is_as_confidential_as_the_most_confidential_that_it_holds(root: str, expected: Confidentiality) -> None:
    rules = PathLabels(
        [
            TreeRule("/scratch", S),
            TreeRule("/eos/experiment", E),
            TreeRule("/eos/experiment/public", P),
            TreeRule("/data/{user}/open", S),
        ]
    )
    assert rules.reachable(root) is expected


def test_without_any_rule_files_are_their_users_own() -> None:
    assert PathLabels().reachable("/") is U
