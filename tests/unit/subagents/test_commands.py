"""`ink agent ls` shows sub-agents below whom they work for."""

from __future__ import annotations

from manager.subagents.commands import as_tree


def test_each_sub_agent_stands_below_the_one_that_it_works_for() -> None:
    rows = [
        {"session_id": "c", "parent": "a", "opened_at": "3"},
        {"session_id": "b", "parent": "s", "opened_at": "2"},
        {"session_id": "a", "parent": "s", "opened_at": "1"},
        {"session_id": "d", "parent": "c", "opened_at": "4"},
        {"session_id": "e", "parent": "gone", "opened_at": "5"},
    ]
    assert [row["session_id"] for row in as_tree(rows)] == ["a", "c", "d", "b", "e"]
