"""The command `ink`: serve, manage users and their tokens, check policies and verify the audit."""

from __future__ import annotations

import os
from typing import Annotated
from urllib.parse import quote

import typer

from ink_core.errors import InkError
from ink_core.settings import Settings
from manager import account_commands, audit_commands, policy_commands
from manager.command_line import Config, Profile, fail, out, settings_of
from manager.gate.lockout import LockKind

app = typer.Typer(name="ink", no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
app.add_typer(account_commands.users, name="user")
app.add_typer(account_commands.tokens, name="token")
app.add_typer(audit_commands.app, name="audit")
app.add_typer(policy_commands.app, name="policy")


@app.command()
def serve(profile: Profile = "embedded", config: Config = None) -> None:
    """Run the manager: REST interface, page, MCP server and agent harness."""
    import uvloop

    from manager.announce import announce
    from manager.serve import serve as run

    settings = settings_of(profile, config)
    try:
        uvloop.run(run(settings, lambda running: announce(settings, running)))
    except (InkError, OSError) as error:
        fail(error)
    except KeyboardInterrupt:
        out.print("stopped; worker agents and jobs go on")  # Ctrl-C is how one stops it, not a failure


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
