"""`python -m tests.unit.budgets.killed FOLDER BOUNDARY`: a call within the site's budget, and SIGKILL at its intent."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from audit.leases import Lease
from audit.sqlite import SqliteLedger
from bench.crash.killing import Killer, KillingLedger
from ink_core.db import Database
from manager.budgets.amounts import Limits
from manager.budgets.desk import SiteLimits
from tests.unit.budgets.setting import Setting

ONE_CALL = SiteLimits(site=Limits(calls=1))


@asynccontextmanager
async def life(folder: Path) -> AsyncGenerator[Setting]:
    """One manager's, which has taken the lease and not started yet."""
    with closing(Database(f"sqlite:///{folder}/ink.db")) as database:
        database.migrate()
        made = Setting(database)
        made.limits = ONE_CALL
        made.ledger = ledger = SqliteLedger(folder / "ledger.db", made.clock, Lease("manager"))
        yield made
        await made.gate.close()
        await ledger.close()


async def main(folder: Path, boundary: int) -> None:
    async with life(folder) as at:
        killer = Killer(boundary, folder / "trace")
        at.ledger = KillingLedger(at.ledger, killer)
        await at.start()
        killer.armed = True
        await at.submit("c-1")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
