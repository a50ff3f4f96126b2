"""What a preview may wait for."""

from __future__ import annotations

from manager.gate.admission import PREVIEW_DEADLINE_S
from manager.workers.agents import RETURN_GRACE_S, START_TIMEOUT_S


def test_a_preview_may_be_the_first_to_need_an_agent_that_has_to_be_started() -> None:
    time_to_answer_s = 5
    assert RETURN_GRACE_S + START_TIMEOUT_S + time_to_answer_s <= PREVIEW_DEADLINE_S
