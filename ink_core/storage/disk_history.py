"""How much a user's directories held, day by day: what is kept of the questions that their owner asks.

Nobody's files are counted without a question, so a day without one has no row; of several on one day the last counts.
Bounded: a row is kept for 400 days, and a user has the latest 4,000.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import BigInteger, Boolean, Column, Date, String, Table, delete, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from ink_core.clock import Clock
from ink_core.db import Database, metadata
from ink_core.errors import BadInput
from worker_agent.protocol import DiskUsage

KEPT_FOR = timedelta(days=400)
MOST_ROWS = 4_000
LONGEST_PATH = 512
"""Use of directories with longer paths is not kept: databases bound the length of a key."""

disk_use = Table(
    "disk_use",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("directory", String(LONGEST_PATH), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("free", BigInteger, nullable=False),
)


class DayOfDisk(BaseModel):
    """Bytes; `day` is a day in UTC. Where `complete` is false there were more files than are counted."""

    model_config = ConfigDict(frozen=True)

    directory: str
    day: date
    used: int
    files: int
    complete: bool
    total: int
    free: int


class DiskHistory:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self, username: str, usage: DiskUsage) -> None:
        """The use of today. Raises `Unavailable` while the database does not answer."""
        if len(usage.path) <= LONGEST_PATH:
            with suppress(IntegrityError):  # the same was asked at the same moment, and is kept
                await asyncio.to_thread(self._record, username, usage)

    async def days(self, username: str, directory: str, since: datetime, until: datetime) -> Sequence[DayOfDisk]:
        """Of that time, both days included, the oldest first. Raises `BadInput` for a path whose use is not kept."""
        if len(directory) > LONGEST_PATH:
            raise BadInput(f"disk use is kept by day of directories whose paths have at most {LONGEST_PATH} characters")
        return await asyncio.to_thread(self._days, username, directory, _day(since), _day(until))

    def _record(self, username: str, usage: DiskUsage) -> None:
        today, own = _day(self._clock.now()), disk_use.c.username == username
        same = (disk_use.c.directory == usage.path) & (disk_use.c.day == today)
        row = DayOfDisk(
            directory=usage.path,
            day=today,
            used=usage.used_by_tree,
            files=usage.entries,
            complete=usage.complete,
            total=usage.filesystem_total,
            free=usage.filesystem_free,
        )
        with self._database.write() as connection:
            connection.execute(delete(disk_use).where(own & (same | (disk_use.c.day < today - KEPT_FOR))))
            key = disk_use.c.day, disk_use.c.directory
            latest = select(*key).where(own).order_by(*(column.desc() for column in key))
            if beyond := connection.execute(latest.offset(MOST_ROWS - 1).limit(1)).first():
                connection.execute(delete(disk_use).where(own & (tuple_(*key) <= tuple_(*beyond))))
            connection.execute(insert(disk_use).values(username=username, **row.model_dump()))

    def _days(self, username: str, directory: str, since: date, until: date) -> Sequence[DayOfDisk]:
        columns = [disk_use.c[name] for name in DayOfDisk.model_fields]
        asked = select(*columns).where(
            disk_use.c.username == username, disk_use.c.directory == directory, disk_use.c.day.between(since, until)
        )
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(disk_use.c.day)).mappings()
            return [DayOfDisk.model_validate(dict(row)) for row in rows]


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
