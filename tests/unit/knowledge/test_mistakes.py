"""Mistakes are repeated less often once people have corrected them: through the real loop and the real assembler."""

from __future__ import annotations

import pytest

from bench.corrections.__main__ import figures, measure


@pytest.mark.requirement("HUMAN-CORRECT-02")
async def test_like_decisions_go_wrong_less_often_after_a_correction_and_others_stay_right() -> None:
    counts = await measure(seed=7)
    measured = figures(counts)
    assert counts["corrections"] == 12 and counts["like"] == 36
    assert measured["repeat_mistake_before"] == 1
    assert measured["repeat_mistake_after"] < 0.1
    assert measured["misled"] == 0
    assert counts["recalls"] >= counts["like"] - counts["after"]
