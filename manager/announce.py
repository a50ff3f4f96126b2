"""What the operator sees: the address and one-time sign-in links of the first accounts; at the end, what goes on.

A link is a secret for ten minutes, so it is printed to a terminal or the operator's own log, never to the service log.
"""

from __future__ import annotations

import asyncio
import getpass
import os

from rich.console import Console

from ink_core.errors import BadInput, Conflict, NotFound
from ink_core.identity.service import IdentityService
from ink_core.settings import Settings
from manager.running import Running

out = Console(soft_wrap=True, highlight=False)


def announce(settings: Settings, running: Running) -> None:
    """Called on the event loop once the server accepts connections; the links follow in a task."""
    task = asyncio.ensure_future(_announce(settings, running))
    running.keep(task)


def waiting(settings: Settings) -> None:
    out.print(f"standing by: another manager is at work; this one takes over at {settings.public_url} when it ends")


def farewell(settings: Settings) -> str:
    """What goes on without the manager, and where all is kept."""
    agents = f"agents until nothing has called them for {settings.agents.idle_timeout_s:g} s"
    return f"stopped; jobs go on, and {agents}; all state is in {settings.data_dir}"


async def _announce(settings: Settings, running: Running) -> None:
    platform = running.platform
    out.print(f"INK Harness is running at [bold]{settings.public_url}[/bold]  (model: {platform.models.default.name})")
    if os.getuid() == 0 and settings.spawner.kind == "direct":
        out.print("[yellow]Running as root: jobs and agents of the embedded default run as root, too.[/yellow]")
    identity, links = platform.core.identity, settings.sign_in.one_time_link
    for username, is_admin in _first_accounts(settings):
        made = await _account(identity, username, is_admin)
        if made and links and (link := await _link(identity, settings, username)):
            role = "administrator (approvals, audit)" if is_admin else "user"
            out.print(f"  sign in as [bold]{username}[/bold], {role}, once within 10 minutes:\n    {link}")


def _first_accounts(settings: Settings) -> list[tuple[str, bool]]:
    configured = [(account.username, account.is_admin) for account in settings.sign_in.first_accounts]
    if configured or not settings.sign_in.one_time_link:
        return configured
    return [(getpass.getuser(), False), ("admin", True)]


async def _account(identity: IdentityService, username: str, is_admin: bool) -> bool:
    """Whether there is one now."""
    try:
        await identity.create_user(username, is_admin=is_admin)
    except Conflict:
        pass  # a later start: the account is there
    except BadInput as error:
        out.print(f"[yellow]no account for {username!r}: {error}[/yellow]")
        return False
    return True


async def _link(identity: IdentityService, settings: Settings, username: str) -> str | None:
    try:
        issued = await identity.create_sign_in_code(username)
    except NotFound:
        return None  # disabled since
    return f"{settings.public_url}/sign-in?code={issued.secret}"
