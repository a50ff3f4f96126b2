"""`ink deploy course …`: the portal's accounts of a course, with a sheet of sign-in links, and their end.

Runs where the manager runs, by `stack course`, which makes and takes away the accounts of the system and the homes.
Accounts are made and deleted by the running manager, so that it is on record and what was live ends; the links
are made in its database, as `ink user link` makes them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from ink_core.errors import InkError
from manager.command_line import Config, Profile, do, err, fail, out, settings_of

app = typer.Typer(no_args_is_help=True, help="Accounts of a course (by `stack course`).")

Names = Annotated[list[str], typer.Argument(help="Accounts of the course.")]


@app.command("create")
def create(
    names: Names,
    days: Annotated[int, typer.Option(min=1, max=92, help="How long the links wait to be used, each once.")],
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Make what accounts are missing, and print a sheet with a link for each (INK_TOKEN of an administrator)."""
    from manager.identity import open_identity
    from manager.remote import Refused, post

    settings = settings_of(profile, config)
    try:
        identity = open_identity(settings)
        there = {user.username for user in do(identity.users())}
        for name in names:
            if name not in there:
                post(settings, "/api/v1/users", {"username": name})
    except (InkError, Refused) as error:
        fail(error)
    for name in names:
        issued = do(identity.create_sign_in_code(name, timedelta(days=days)))
        until = f"{issued.credential.expires_at:%Y-%m-%d %H:%M} UTC"
        out.print(_strip(name, f"{settings.public_url}/sign-in?code={issued.secret}", until), highlight=False)


@app.command("remove")
def remove(names: Names, profile: Profile = "embedded", config: Config = None) -> None:
    """Delete the accounts with their tokens; agents, conversations under way and approvals end (INK_TOKEN)."""
    from manager.identity import open_identity
    from manager.remote import delete

    settings = settings_of(profile, config)
    try:
        there = {user.username for user in do(open_identity(settings).users())}
        for name in names:
            if name in there:
                delete(settings, f"/api/v1/users/{name}")
    except InkError as error:
        fail(error)
    err.print(f"deleted {len(there & set(names))} accounts", highlight=False)


def _strip(name: str, link: str, until: str) -> str:
    """One person's part of the sheet, to be cut off."""
    return f"{'- ' * 36}\n{name}\n  {link}\n  once, until {until}"
