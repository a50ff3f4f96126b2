"""The command `ink`: serve, manage users and their tokens, check policies and verify the audit."""

from __future__ import annotations

import os
import socket
from typing import Annotated
from urllib.parse import quote

import typer

from ink_core.errors import InkError
from ink_core.identity.principal import Scope
from ink_core.settings import Settings
from manager import (
    account_commands,
    audit_commands,
    context_commands,
    deploy_commands,
    mcp_commands,
    policy_commands,
)
from manager.backup import commands as backup_commands
from manager.chat.commands import chat
from manager.command_line import Config, Profile, fail, out, settings_of
from manager.data_directory import address_of
from manager.gate.lockout import LockKind
from manager.joblens import commands as joblens_commands
from manager.skills import commands as skill_commands
from manager.subagents import commands as agent_commands
from manager.tasks import commands as task_commands
from manager.upgrade_command import upgrade
from manager.usage_commands import usage

app = typer.Typer(name="ink", no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.add_typer(account_commands.users, name="user")
app.add_typer(account_commands.tokens, name="token")
app.add_typer(audit_commands.app, name="audit")
app.add_typer(backup_commands.app, name="backup")
app.add_typer(policy_commands.app, name="policy")
app.add_typer(context_commands.app, name="context")
app.add_typer(joblens_commands.app, name="joblens")
app.add_typer(skill_commands.app, name="skill")
app.add_typer(agent_commands.app, name="agent")
app.add_typer(task_commands.app, name="task")
app.command("chat")(chat)
app.command("usage")(usage)
app.command("upgrade")(upgrade)
app.add_typer(mcp_commands.app, name="mcp")
app.add_typer(deploy_commands.app, name="deploy")


@app.command()
def serve(
    profile: Profile = "embedded",
    config: Config = None,
    standby: Annotated[bool, typer.Option(help="Wait for the manager at work to end, then take over.")] = False,
) -> None:
    """Run the manager: REST interface, page, MCP server and agent harness."""
    from manager.garbage import not_looked_for

    with not_looked_for():
        import uvloop

        from manager.announce import announce, farewell, waiting
        from manager.serve import serve as run

    settings = settings_of(profile, config)
    try:
        stand_by = (lambda: waiting(settings)) if standby else None
        uvloop.run(run(settings, lambda running: announce(settings, running), stand_by))
    except (InkError, OSError) as error:
        fail(error)
    except KeyboardInterrupt:
        out.print(farewell(settings), highlight=False)  # Ctrl-C is how one stops it, not a failure


@app.command()
def login(
    url: Annotated[str | None, typer.Option(help="Of the manager; default: of the one on this machine.")] = None,
    scope: Annotated[list[Scope] | None, typer.Option(help="What it may do; default: all that a user may.")] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Get a token without a password: confirm a code on the page. It is kept for the commands and printed never."""
    import httpx2

    from manager import login as device
    from manager.saved_token import save_token, token_file

    address = (url or address_of(settings_of(profile, config))).rstrip("/")

    def show(page: str, code: str) -> None:
        out.print(f"open [bold]{page}[/bold]\nand confirm the code [bold]{code}[/bold]", highlight=False)

    try:
        with httpx2.Client(base_url=address) as http:
            token = device.login(http, f"ink on {socket.gethostname()}"[:100], scope or [], show)
        save_token(address, token, token_file())
    except (InkError, OSError) as error:
        fail(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    out.print(f"signed in; the token is in {token_file()}")


Kind = Annotated[LockKind, typer.Argument(help="What is locked.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]


@app.command()
def lock(kind: Kind, name: str, reason: Reason, profile: Profile = "embedded", config: Config = None) -> None:
    """Kill switch: lock a user, a worker agent or a session and end all that is live of it (INK_TOKEN)."""
    _remotely(settings_of(profile, config), "/api/v1/locks", {"kind": kind.value, "name": name, "reason": reason})
    out.print(f"locked {kind.value} {name}")


@app.command()
def unlock(kind: Kind, name: str, reason: Reason, profile: Profile = "embedded", config: Config = None) -> None:
    """Lift a lock; what it ended does not come back (INK_TOKEN)."""
    _remotely(
        settings_of(profile, config), f"/api/v1/locks/{kind.value}/{quote(name, safe='')}/lift", {"reason": reason}
    )
    out.print(f"unlocked {kind.value} {name}")


def _remotely(settings: Settings, path: str, body: dict[str, str]) -> None:
    from manager.remote import post

    try:
        post(settings, path, body)
    except InkError as error:
        fail(error)


def main() -> None:
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
