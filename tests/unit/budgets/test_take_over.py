"""A manager that is killed between a reservation and its intent has used up nothing for who takes over."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from manager.budgets.amounts import NOTHING
from manager.budgets.spender import Spender
from manager.gate.call import CallStatus
from manager.gate.policy import Origin
from tests.unit.budgets.desks import desk_on
from tests.unit.budgets.killed import life

BEFORE_THE_INTENT = "1"
REPOSITORY = Path(__file__).parents[3]


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_what_a_killed_manager_has_reserved_without_an_intent_is_given_back(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.unit.budgets.killed", str(tmp_path), BEFORE_THE_INTENT]
    done = subprocess.run(argv, cwd=REPOSITORY, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL
    async with life(tmp_path) as at:
        site, *_ = await desk_on(at.database, at.limits, at.clock).balances(Spender("alice"))
        assert (site.account, site.spent, site.reserved.calls) == ("site", NOTHING, 1)
        await at.start()
        assert (await at.submit("c-2", Origin.REST)).status is CallStatus.DONE
        assert (await at.submit("c-3", Origin.REST)).status is CallStatus.REFUSED
