"""Sessions of apps, wired. Their journal is one chain of the ledger, `apps`, with an event `app.KIND` a change."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import cast

from pydantic import JsonValue, TypeAdapter

from audit.ledger import Ledger, Record
from ink_core.agents import Homes, UserAgents
from ink_core.apps.catalogue import load_apps
from ink_core.apps.launch import AppLaunchOptions
from ink_core.apps.openclaw import site_files as openclaw
from ink_core.apps.service import AppService
from ink_core.apps.session import Change
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.clock import Clock
from ink_core.compute.queues import Queues
from ink_core.key_file import secret_key
from ink_core.settings import Settings
from ink_core.settings.authorities import manager_authorities
from skills.catalogue import LIBRARY

CHAIN = "apps"
KEY_FILE = "apps.key"
_CHANGE: TypeAdapter[Change] = TypeAdapter(Change)


class LedgerJournal:
    """Implements `ink_core.apps.journal.SessionJournal`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def append(self, change: Change) -> None:
        body = cast("dict[str, JsonValue]", change.model_dump(mode="json", exclude={"kind"}))
        await self._ledger.append(CHAIN, Record(f"app.{change.kind}", body))

    async def changes(self) -> Sequence[Change]:
        return [_read(event.kind, dict(event.body)) for event in await self._ledger.read(CHAIN)]


def open_apps(
    settings: Settings, ledger: Ledger, agents: UserAgents, homes: Homes, queues: Queues, clock: Clock
) -> AppService:
    """Raises `KeyUnusable`."""
    secrets = SessionSecrets(secret_key(settings.data_dir / KEY_FILE))
    catalogue = load_apps(settings.apps.folder)
    options = AppLaunchOptions(
        callback_url=settings.apps_callback_url,
        python=str(settings.apps.python or settings.agents.python or sys.executable),
        path=tuple(map(str, settings.apps.path)),
        environment=settings.apps.environment,
        max_sessions=settings.apps.max_sessions,
        site_files={
            openclaw.NAME: lambda folder: openclaw.site_files(
                settings.models, folder, settings.apps.public_url, LIBRARY
            )
        },
        callback_ca=manager_authorities(settings.agents),
    )
    return AppService(
        catalogue, LedgerJournal(ledger), secrets, agents, homes, queues, clock, options, settings.apps.public_url
    )


def _read(kind: str, body: dict[str, JsonValue]) -> Change:
    return _CHANGE.validate_python({"kind": kind.removeprefix("app."), **body})
