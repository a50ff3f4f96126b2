"""The command `ink upgrade`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ink_core.errors import InkError
from manager.command_line import Config, Profile, do, fail, out, settings_of


def upgrade(
    dry_run: Annotated[bool, typer.Option(help="Only tell what would be done.")] = False,
    backup: Annotated[Path | None, typer.Option(help="The backup that is made before; default: beside here.")] = None,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Make none: there is a backup already.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Bring the database up to this release, with a backup before; no manager may be at work."""
    from manager import upgrade as upgrading

    settings = settings_of(profile, config)
    try:
        planned = upgrading.plan(settings)
    except (InkError, OSError) as error:
        fail(error)
    for step in planned.steps:
        out.print(f"{step.revision}  {step.about}", markup=False, highlight=False)
    if not planned.steps or dry_run:
        told = f"{len(planned.steps)} steps" if planned.steps else "nothing to do"
        out.print(f"schema {planned.present} → {planned.target}: {told}", markup=False, highlight=False)
        return
    archive = None if no_backup else backup or Path(f"ink-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz")
    do(upgrading.upgrade(settings, archive))
    kept = f"; the state before is in {archive}" if archive else ""
    out.print(f"schema {planned.present} → {planned.target}: upgraded{kept}", markup=False, highlight=False)
