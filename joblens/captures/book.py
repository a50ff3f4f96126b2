"""The captures that were begun, in the platform's database: they outlive a restart, and are bounded in number and age.

Blocking: call it from a thread.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from ink_core.db import Database, metadata
from ink_core.errors import Conflict, NotFound
from joblens.captures.capture import MAX_ON_HOST_EACH, Capture, Detail
from joblens.records import JobKey

MAX_ACTIVE = 1000
MAX_ACTIVE_EACH = 20
MAX_OF_JOB = 100
KEPT_S = 30 * 86400.0

captures = Table(
    "joblens_captures",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("cluster", String(64), nullable=False),
    Column("job", String(255), nullable=False),
    Column("begun", Float(53), nullable=False),
    Column("until", Float(53), nullable=False),
    Column("interval_s", Float(53), nullable=False),
    Column("details", Text, nullable=False),
    Column("begun_by", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("hosts", Text, nullable=False),
    Column("ended", Float(53), nullable=True),
    Index("ix_joblens_captures_cluster_job", "cluster", "job"),
    Index("ix_joblens_captures_until", "until"),
)


class CaptureNotFound(NotFound):
    code = "capture_not_found"


class TooManyCaptures(Conflict):
    """As many run already as may; one of them has to end first."""

    code = "too_many_captures"


class CaptureBook:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, capture: Capture) -> Capture:
        """Durable on return; begun again under the same id it is the first one. Raises `TooManyCaptures`."""
        with self._database.write() as connection:
            if (known := _one(connection, capture.id)) is not None:
                return known
            connection.execute(delete(captures).where(captures.c.until < capture.begun - KEPT_S))
            _check_room(connection, capture)
            connection.execute(insert(captures), _row(capture))
        return capture

    def find(self, capture_id: str) -> Capture | None:
        with self._database.read() as connection:
            return _one(connection, capture_id)

    def end(self, capture_id: str, now: float) -> Capture:
        """Raises `CaptureNotFound`; one that is over stays as it was."""
        with self._database.write() as connection:
            found = _one(connection, capture_id)
            if found is None:
                raise CaptureNotFound(f"there is no capture {capture_id[:64]}")
            if not found.active(now):
                return found
            connection.execute(update(captures).where(captures.c.id == capture_id).values(ended=now))
        return replace(found, ended=now)

    def active(self, now: float) -> Sequence[Capture]:
        """At most `MAX_ACTIVE`, those that end first before others."""
        wanted = select(captures).where(_active(now)).order_by(captures.c.until).limit(MAX_ACTIVE)
        return self._all(wanted)

    def of_job(self, key: JobKey) -> Sequence[Capture]:
        """The newest `MAX_OF_JOB`, newest first."""
        table = captures.c
        wanted = select(captures).where(table.cluster == key.cluster, table.job == key.job)
        return self._all(wanted.order_by(table.begun.desc()).limit(MAX_OF_JOB))

    def _all(self, wanted: Select[Any]) -> Sequence[Capture]:
        with self._database.read() as connection:
            return [_capture(row) for row in connection.execute(wanted)]


def _active(now: float) -> ColumnElement[bool]:
    return captures.c.ended.is_(None) & (captures.c.until > now)


def _check_room(connection: Connection, new: Capture) -> None:
    running = select(func.count()).select_from(captures).where(_active(new.begun))
    if connection.execute(running).scalar_one() >= MAX_ACTIVE:
        raise TooManyCaptures(f"{MAX_ACTIVE} captures run already; try again when some have ended")
    if connection.execute(running.where(captures.c.begun_by == new.by)).scalar_one() >= MAX_ACTIVE_EACH:
        raise TooManyCaptures(f"{MAX_ACTIVE_EACH} captures of {new.by} run already; end one of them first")
    hosts = select(captures.c.hosts).where(_active(new.begun), captures.c.begun_by == new.by)
    busy = Counter(host for row in connection.execute(hosts) for host in json.loads(row.hosts))
    if full := [host for host in new.hosts if busy[host] >= MAX_ON_HOST_EACH]:
        raise TooManyCaptures(f"{busy[full[0]]} captures of {new.by} run on {full[0]} already; end one of them first")


def _one(connection: Connection, capture_id: str) -> Capture | None:
    row = connection.execute(select(captures).where(captures.c.id == capture_id)).first()
    return None if row is None else _capture(row)


def _row(capture: Capture) -> dict[str, object]:
    return {
        "id": capture.id,
        "cluster": capture.key.cluster,
        "job": capture.key.job,
        "begun": capture.begun,
        "until": capture.until,
        "interval_s": capture.interval_s,
        "details": json.dumps([detail.value for detail in capture.details]),
        "begun_by": capture.by,
        "reason": capture.reason,
        "hosts": json.dumps(capture.hosts),
        "ended": capture.ended,
    }


def _capture(row: Row[Any]) -> Capture:
    return Capture(
        id=row.id,
        key=JobKey(row.cluster, row.job),
        begun=row.begun,
        until=row.until,
        interval_s=row.interval_s,
        details=tuple(Detail(word) for word in json.loads(row.details)),
        by=row.begun_by,
        reason=row.reason,
        hosts=tuple(json.loads(row.hosts)),
        ended=row.ended,
    )
