"""`ink user …` and `ink token …`: accounts and API tokens of an installation, for who may read its database."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from ink_core.errors import InkError
from ink_core.identity.model import Limits
from ink_core.identity.principal import Scope
from ink_core.settings import Settings
from manager.command_line import Config, Profile, do, fail, out, settings_of
from manager.data_directory import address_of

users = typer.Typer(no_args_is_help=True, help="Accounts of the portal.")
tokens = typer.Typer(no_args_is_help=True, help="API tokens, for programs and MCP clients.")


@users.command("add")
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
    service = _identity(settings_of(profile, config), create=True)
    do(service.create_user(username, password=secret, is_admin=admin))
    out.print(f"created {username}{' (administrator)' if admin else ''}")


@users.command("link")
def user_link(username: str, profile: Profile = "embedded", config: Config = None) -> None:
    """Print a one-time sign-in link, good for ten minutes."""
    settings = settings_of(profile, config)
    issued = do(_identity(settings).create_sign_in_code(username))
    out.print(f"{address_of(settings)}/sign-in?code={issued.secret}")


@users.command("list")
def user_list(profile: Profile = "embedded", config: Config = None) -> None:
    """All accounts."""
    for user in do(_identity(settings_of(profile, config)).users()):
        role = "administrator" if user.is_admin else "user"
        out.print(f"{user.username:32} {role}{'  disabled' if user.disabled else ''}")


@tokens.command("create")
def token_create(
    username: str,
    name: Annotated[str, typer.Option(help="What the token is for.", show_default=False)],
    scope: Annotated[list[Scope], typer.Option(help="What it may be used for; give it once for each scope.")],
    days: Annotated[float, typer.Option(help="How long it lives.", min=0.001, max=366)] = 30,
    jobs: Annotated[int | None, typer.Option(help="How many jobs it may submit; default: any number.", min=0)] = None,
    per_minute: Annotated[int | None, typer.Option(help="How many requests a minute it may send.", min=1)] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Make a token of a user, with at most the user's own scopes, and print it: this once."""
    service = _identity(settings_of(profile, config))
    limits = Limits(jobs=jobs, requests_per_minute=per_minute)
    issued = do(service.create_token_of(username, name, frozenset(scope), timedelta(days=days), limits))
    out.print(issued.secret, highlight=False)


@tokens.command("list")
def token_list(
    username: Annotated[str | None, typer.Argument(help="Whose; default: everybody's.")] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Tokens that still count, without their secrets."""
    service = _identity(settings_of(profile, config))
    now = datetime.now(UTC)
    for user in [do(service.user(username))] if username else do(service.users()):
        for token in do(service.tokens(user.username)):
            if token.expires_at > now:
                out.print(_row(token), highlight=False)


@tokens.command("revoke")
def token_revoke(username: str, token_id: str, profile: Profile = "embedded", config: Config = None) -> None:
    """End a token at once; a running manager knows it within two seconds."""
    do(_identity(settings_of(profile, config)).revoke_token(username, token_id))
    out.print(f"revoked {token_id} of {username}")


def _row(token: Any) -> str:
    used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
    scopes = ",".join(sorted(token.scopes))
    until = f"{token.expires_at:%Y-%m-%d %H:%M}"
    jobs = "" if token.jobs is None else f"  {token.jobs_used} of {token.jobs} jobs"
    return f"{token.id}  {token.username:16} until {until}  last used {used:16}  {scopes}{jobs}  {token.name}"


def _identity(settings: Settings, *, create: bool = False) -> Any:
    from manager.identity import open_identity

    try:
        return open_identity(settings, create=create)
    except InkError as error:
        fail(error)


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")
