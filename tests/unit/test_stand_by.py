"""A manager that stands by gets the ledger when the one at work is gone, and neither before nor beside it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from audit.ledger import LedgerHeld, Record
from ink_core.clock import SystemClock
from ink_core.errors import CannotServe
from ink_core.settings import load_settings
from manager.ledger import open_ledger
from manager.stand_by import bound_in_time, patient

PATIENCE_S = 100
ALL_CUT_OFF = (
    b"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    b" WHERE application_name = 'ink-ledger' AND datname = current_database()"
)
AT_WORK = """
import asyncio, sys
from pathlib import Path
from audit.ledger import Record
from audit.sqlite import SqliteLedger

async def work():
    ledger = SqliteLedger(Path(sys.argv[1]))
    await ledger.append("c", Record("test", {}))
    print("at work", flush=True)
    await asyncio.sleep(600)

asyncio.run(work())
"""


@pytest.mark.requirement("AGENT-LOOP-10")
async def test_the_ledger_of_a_manager_that_was_killed_is_taken_over_with_all_that_it_wrote(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", AT_WORK, str(tmp_path / "ledger.db")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as at_work:
        assert at_work.stdout is not None
        assert await asyncio.to_thread(at_work.stdout.readline) == "at work\n"
        waits = asyncio.Event()
        taking = asyncio.create_task(taken(tmp_path, waits))
        async with asyncio.timeout(PATIENCE_S):
            await waits.wait()
            assert not taking.done()
            os.kill(at_work.pid, signal.SIGKILL)
            assert await taking == 1


CUT_OFF = """
import asyncio, sys
from audit.ledger import Record
from ink_core.clock import SystemClock
from ink_core.settings import load_settings
from manager.ledger import open_ledger

async def work():
    settings = load_settings(environment={"INK_DATA_DIR": sys.argv[1], "INK_LEDGER__URL": sys.argv[2]})
    async with open_ledger(settings, SystemClock()) as ledger:
        await ledger.append("c", Record("test", {}))
        print("at work", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await ledger.append("c", Record("test", {}))
        await asyncio.sleep(600)

asyncio.run(work())
"""


@pytest.mark.requirement("AGENT-LOOP-10")
async def test_a_manager_that_was_taken_over_from_writes_nothing_and_ends(tmp_path: Path, postgresql_url: str) -> None:
    argv = [sys.executable, "-c", CUT_OFF, str(tmp_path), postgresql_url]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as cut_off:
        assert cut_off.stdin is not None and cut_off.stdout is not None
        assert await asyncio.to_thread(cut_off.stdout.readline) == "at work\n"
        async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as owner:
            await owner.execute(ALL_CUT_OFF)
        settings = load_settings(environment={"INK_DATA_DIR": str(tmp_path), "INK_LEDGER__URL": postgresql_url})
        async with asyncio.timeout(PATIENCE_S), open_ledger(settings, SystemClock()) as successor:
            await successor.append("d", Record("test", {}))
            cut_off.stdin.write("go on\n")
            cut_off.stdin.flush()
            assert "another manager" in await asyncio.to_thread(cut_off.stdout.readline)
            assert await asyncio.to_thread(cut_off.wait) == -signal.SIGTERM
            assert len(await successor.read("c")) == 1


async def taken(data: Path, waits: asyncio.Event) -> int:
    """How many events the ledger had."""
    settings = load_settings(environment={"INK_DATA_DIR": str(data)})
    async with patient(open_ledger, waits.set)(settings, SystemClock()) as ledger:
        with pytest.raises(LedgerHeld):
            async with open_ledger(settings, SystemClock()):
                pass
        found = len(await ledger.read("c"))
        await ledger.append("c", Record("test", {}))
        return found


async def test_the_address_is_taken_when_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken_address:
        asked = 0

        def bind() -> socket.socket:
            nonlocal asked
            asked += 1
            if asked < 3:
                raise CannotServe("it is in use")
            return taken_address

        async with asyncio.timeout(PATIENCE_S):
            assert await bound_in_time(bind) is taken_address
