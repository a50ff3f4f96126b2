"""The list of one's agents in pages."""

from __future__ import annotations

import pytest

from ink_core.errors import BadInput
from manager.api.agents_routes import page_of
from mcp_tools.context import AgentStatus


def agent(number: int) -> AgentStatus:
    return AgentStatus(
        worker_id=f"w-{number}",
        user="alice",
        place="execute",
        state="ready",
        cluster="pool",
        job_id=f"{number}.0",
        node="node1",
        workspace="/home/alice",
        detail=None,
    )


def test_pages_of_agents_join_also_where_new_ones_came_in_front() -> None:
    before = [agent(number) for number in (5, 4, 3, 2, 1)]
    first = page_of(before, None, 2)
    rest = page_of([agent(6), *before], first.next_cursor, 10)
    assert [one.worker_id for one in (*first.agents, *rest.agents)] == ["w-5", "w-4", "w-3", "w-2", "w-1"]
    assert (first.next_cursor, rest.next_cursor) == ("w-4", None)
    with pytest.raises(BadInput, match="start again without one"):
        page_of(before, "w-9", 10)
