"""The commands `ink backup …`: create and verify archives, and make an installation of one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from manager.backup.manifest import BackupUnusable, Manifest
from manager.command_line import Config, Profile, do, fail, out, settings_of

app = typer.Typer(no_args_is_help=True, help="Backups of the ledger, the database and what belongs to them.")
Archive = Annotated[Path, typer.Argument(help="An archive.")]
Key = Annotated[str | None, typer.Option(help="Public key that must have signed it, as `ink audit key` prints it.")]


@app.command("create")
def create(
    output: Annotated[Path | None, typer.Option(help="The archive; default: ink-backup-TIME.tar.gz here.")] = None,
    traces: Annotated[bool, typer.Option(help="With the traces of JobLens, where they are in a file.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Write an archive, while the manager runs. It holds everybody's records: keep it as you keep them."""
    from manager.backup.create import create as make

    file = output or Path(f"ink-backup-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz")
    made: Manifest = do(make(settings_of(profile, config), file, traces=traces))
    out.print(f"{file}: {_told(made)}", markup=False, highlight=False)
    if not made.has_keys:
        out.print("secret keys are not in it (backup.recipient); they never change, so one copy elsewhere will do")


@app.command("list")
def list_archives(folder: Annotated[Path, typer.Argument(help="Where archives are.")] = Path()) -> None:
    """What archives there are, the oldest first."""
    from manager.backup.read import manifest_of

    found: list[tuple[datetime, Path, Manifest]] = []
    for file in folder.glob("*.tar.gz"):
        try:
            found.append(((made := manifest_of(file)).made_at, file, made))
        except BackupUnusable as error:
            out.print(f"{file.name}: {error}", markup=False, highlight=False)
    for _, file, made in sorted(found, key=lambda each: each[0]):
        out.print(f"{file.name}: {_told(made)}", markup=False, highlight=False)


@app.command("verify")
def verify(
    archive: Archive,
    key: Key = None,
    anchors: Annotated[list[Path] | None, typer.Option(help="Text file from outside that names checkpoints.")] = None,
) -> None:
    """Check every part of an archive, and its ledger by the stand-alone verifier."""
    from manager.backup.draft import draft_folder
    from manager.backup.read import extract, problems

    try:
        with draft_folder(archive.absolute().parent) as folder:
            made = extract(archive, folder, key)
            found = problems(folder, made, anchors or ())
    except (BackupUnusable, OSError) as error:
        fail(error)
    for problem in found:
        out.print(f"PROBLEM  {problem}", markup=False, highlight=False)
    if key is None:
        out.print(f"signed with {made.key}: whose key that is, --key tells", markup=False, highlight=False)
    out.print(f"{_told(made)}: {'NOT sound' if found else 'verified'}", markup=False, highlight=False)
    raise typer.Exit(1 if found else 0)


@app.command("restore")
def restore(
    archive: Archive,
    key: Key = None,
    recipient: Annotated[
        Path | None, typer.Option(help="Certificate and private key (PEM) that open its keys.")
    ] = None,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Make an installation of an archive in an empty data directory (and empty databases), verified before."""
    from manager.backup.restore import restore as put_back

    settings = settings_of(profile, config)
    made: Manifest = do(put_back(archive, settings, key=key, recipient=recipient))
    out.print(f"{settings.data_dir}: {_told(made)}: verified and restored", markup=False, highlight=False)
    if not (settings.data_dir / "signing.key").exists():
        out.print("put the secret keys back before the first start: a manager without them makes new ones")


def _told(made: Manifest) -> str:
    keys = "with keys" if made.has_keys else "without keys"
    return f"of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, {made.events} events, schema {made.schema_revision}, {keys}"
