"""What all else stands on, opened first: the ledger, the keys, who people are, and the platform's database."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from audit.checkpointer import Checkpointer
from audit.ledger import Ledger
from ink_core.clock import Clock, SystemClock
from ink_core.db import Database
from ink_core.identity.issuer.issuer import Issuer
from ink_core.identity.openid.port import OpenId
from ink_core.identity.service import IdentityService
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from ink_core.signing import KEY_FILE, SigningKey
from manager.checkpoints import open_checkpointer
from manager.gate.lockout import Lockout
from manager.identity import open_identity
from manager.issuer import open_issuer
from manager.ledger import OpenLedger
from manager.openid import open_openid
from manager.permits import Permits
from manager.workers.registry import WorkerRegistry
from manager.workers.witnesses import WorkerWitnesses


@dataclass(frozen=True)
class Ground:
    """`registry` is here because workers are witnesses of checkpoints."""

    clock: Clock
    ledger: Ledger
    key: SigningKey
    permits: Permits
    lockout: Lockout
    registry: WorkerRegistry
    checkpointer: Checkpointer
    identity: IdentityService
    openid: OpenId | None
    issuer: Issuer | None
    database: Database


async def open_ground(settings: Settings, exits: AsyncExitStack, open_ledger: OpenLedger) -> Ground:
    """Raises an `InkError` or `OSError` that says what is in the way."""
    clock = SystemClock()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    ledger = await exits.enter_async_context(open_ledger(settings, clock))
    key = SigningKey.open(settings.data_dir / KEY_FILE)
    registry = WorkerRegistry(ledger, clock)
    checkpointer = open_checkpointer(settings, key, WorkerWitnesses(registry, settings.audit.witnesses), exits)
    identity = open_identity(settings)
    exits.callback(identity.close)
    openid = open_openid(settings, identity)
    if openid:
        exits.push_async_callback(openid.close)
    issuer = open_issuer(settings, identity, clock)
    database = Database(settings.database.url, database_password(settings.database))
    exits.callback(database.close)
    return Ground(
        clock=clock,
        ledger=ledger,
        key=key,
        permits=Permits(key, clock),
        lockout=Lockout(),
        registry=registry,
        checkpointer=checkpointer,
        identity=identity,
        openid=openid,
        issuer=issuer,
        database=database,
    )
