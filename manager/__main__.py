"""The command `ink`: serve, manage users, check policies and verify the audit."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from audit import verify as audit_verify
from ink_core.errors import InkError
from ink_core.settings import Settings, SettingsError, load_settings
from manager.gate.lockout import LockKind

app = typer.Typer(name="ink", no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
user_app = typer.Typer(no_args_is_help=True, help="Accounts of the portal.")
audit_app = typer.Typer(no_args_is_help=True, help="The tamper-evident record of everything that was done.")
policy_app = typer.Typer(no_args_is_help=True, help="The rules of the gate.")
app.add_typer(user_app, name="user")
app.add_typer(audit_app, name="audit")
app.add_typer(policy_app, name="policy")

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

Profile = Annotated[str, typer.Option(envvar="INK_PROFILE", help="Shipped settings to start from: embedded or dev.")]
Config = Annotated[Path | None, typer.Option(help="Site overlay (YAML) on top of the profile.")]


@app.command()
def serve(profile: Profile = "embedded", config: Config = None) -> None:
    """Run the manager: REST interface, page, MCP server and agent harness."""
    import uvloop

    from manager.announce import announce
    from manager.serve import serve as run

    settings = _settings(profile, config)
    try:
        uvloop.run(run(settings, lambda running: announce(settings, running)))
    except (InkError, OSError) as error:
        _fail(error)
    except KeyboardInterrupt:
        out.print("stopped; worker agents and jobs go on")  # Ctrl-C is how one stops it, not a failure


Kind = Annotated[LockKind, typer.Argument(help="What is locked.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]


@app.command()
def lock(kind: Kind, name: str, reason: Reason, profile: Profile = "embedded", config: Config = None) -> None:
    """Kill switch: lock a user, a worker agent or a session and end all that is live of it (INK_TOKEN)."""
    _remotely(_settings(profile, config), "/api/v1/locks", {"kind": kind.value, "name": name, "reason": reason})
    out.print(f"locked {kind.value} {name}")


@app.command()
def unlock(kind: Kind, name: str, reason: Reason, profile: Profile = "embedded", config: Config = None) -> None:
    """Lift a lock; what it ended does not come back (INK_TOKEN)."""
    _remotely(_settings(profile, config), f"/api/v1/locks/{kind.value}/{quote(name, safe='')}/lift", {"reason": reason})
    out.print(f"unlocked {kind.value} {name}")


@user_app.command("add")
def user_add(
    username: str,
    admin: Annotated[bool, typer.Option("--admin", help="May decide on approvals and read the audit.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password (or read one line of stdin).")
    ] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Create an account. Without a password it signs in by one-time link."""
    secret = _password() if password else None
    service = _identity(_settings(profile, config))
    _do(service.create_user(username, password=secret, is_admin=admin))
    out.print(f"created {username}{' (administrator)' if admin else ''}")


@user_app.command("link")
def user_link(username: str, profile: Profile = "embedded", config: Config = None) -> None:
    """Print a one-time sign-in link, good for ten minutes."""
    settings = _settings(profile, config)
    issued = _do(_identity(settings).create_sign_in_code(username))
    out.print(f"{settings.public_url}/sign-in?code={issued.secret}")


@user_app.command("list")
def user_list(profile: Profile = "embedded", config: Config = None) -> None:
    """All accounts."""
    for user in _do(_identity(_settings(profile, config)).users()):
        role = "administrator" if user.is_admin else "user"
        out.print(f"{user.username:32} {role}{'  disabled' if user.disabled else ''}")


@audit_app.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="A ledger file; default: this installation's.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Recompute every chain and pair every attempt with its outcome. Exit code 1 on any problem."""
    how = ["--json"] if json else []
    code = audit_verify.main([str(file), *how]) if file else _do(_verify_ours(_settings(profile, config), how))
    raise typer.Exit(code)


async def _verify_ours(settings: Settings, how: list[str]) -> int:
    from manager.ledger import ledger_file

    async with ledger_file(settings) as file:
        return audit_verify.main([str(file), *how])


@policy_app.command("check")
def policy_check(file: Path) -> None:
    """Say whether a policy file is valid, and where it is not."""
    from manager.gate.policy_file import load_policy

    try:
        policy = load_policy(file)
    except InkError as error:
        _fail(error)
    out.print(f"valid: version {policy.version}, {len(policy.rules)} rules")


def _remotely(settings: Settings, path: str, body: dict[str, str]) -> None:
    from manager.remote import post

    try:
        post(settings, path, body)
    except InkError as error:
        _fail(error)


def _settings(profile: str, config: Path | None) -> Settings:
    try:
        return load_settings(profile=profile, overlay=config)
    except SettingsError as error:
        _fail(error)


def _identity(settings: Settings) -> Any:
    from manager.identity import open_identity

    try:
        return open_identity(settings)
    except InkError as error:
        _fail(error)


def _do(work: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(work)
    except (InkError, OSError) as error:
        _fail(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(error: Exception) -> NoReturn:
    err.print("[red]ink:[/red]", Text(str(error)))
    raise typer.Exit(1)


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def main() -> None:
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
