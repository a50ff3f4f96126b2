"""The commands `ink audit …`: the tamper-evident record of everything that was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import JsonValue

from audit import verify as audit_verify
from audit.archiving import archive as archive_chains
from audit.attempts import Attempt, Query, attempts
from audit.canonical import canonical_text, time_text
from audit.chains import session_chain
from audit.erasing import Selection
from audit.export import json_line
from audit.reading import LedgerFile
from audit.traces import traces
from ink_core.clock import SystemClock
from ink_core.compute.own_user import own_user
from ink_core.errors import InkError
from ink_core.settings import Settings
from manager.command_line import Config, Profile, do, fail, out, settings_of
from manager.erasing import Erased, erase_everywhere, open_recordings
from manager.ledger import ledger_file, open_ledger, sqlite_ledger
from manager.workers.terminal_recorder import TerminalRecorder

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="The tamper-evident record of everything that was done.")


@app.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="A ledger file; default: this installation's.")] = None,
    key: Annotated[str | None, typer.Option(help="The manager's public key; default: this installation's.")] = None,
    anchors: Annotated[list[Path] | None, typer.Option(help="Text file from outside that names checkpoints.")] = None,
    witness: Annotated[list[str] | None, typer.Option(help="Public key of a worker, from its log.")] = None,
    archive: Annotated[list[Path] | None, typer.Option(help="Archive of chains, or folder of such.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The whole report as JSON.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Recompute every chain and the log, and pair every attempt with its outcome.

    Exit code 1 on any problem, 3 where chains were archived and the archives are not given.
    """
    given = [*_options("--anchors", anchors), *_options("--witness", witness), *_options("--archive", archive)]
    given += ["--json"] if json else []
    if file is not None:
        raise typer.Exit(audit_verify.main([str(file), *given, *(["--key", key] if key else [])]))
    settings = settings_of(profile, config)
    given += _options("--anchors", anchors_of(settings))
    key = key or public_key(settings)
    raise typer.Exit(do(_verify_ours(settings, [*given, *(["--key", key] if key else [])])))


async def _verify_ours(settings: Settings, options: list[str]) -> int:
    async with ledger_file(settings) as file:
        return audit_verify.main([str(file), *options])


@app.command("key")
def key(profile: Profile = "embedded", config: Config = None) -> None:
    """Print the public key that checkpoints are signed with: keep it where the manager cannot change it."""
    found = public_key(settings_of(profile, config))
    if found is None:
        typer.echo("ink: there is no key yet; it is made at the first start", err=True)
        raise typer.Exit(1)
    out.print(found, markup=False, highlight=False)


@app.command("search")
def search(
    user: Annotated[str, typer.Option(help="Who tried it.")] = "",
    tool: Annotated[str, typer.Option(help="Name of the tool.")] = "",
    job: Annotated[str, typer.Option(help="A job that it was about.")] = "",
    verdict: Annotated[str, typer.Option(help="approved, rejected, expired; or how it ended.")] = "",
    since: Annotated[datetime | None, typer.Option(help="From this time on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this time (UTC).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show the newest so many.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """List attempts by who, what, when, on which job, and with which verdict; the newest last."""
    query = Query(user, tool, job, verdict, _utc(since), _utc(until))
    every = do(_on_ledger(settings_of(profile, config), lambda ledger: attempts(ledger.all())))
    found = [each for each in every if query.matches(each)]
    for attempt in found[-limit:]:
        typer.echo(_as_json(attempt) if json else _printable(_as_line(attempt)))
    if len(found) > limit:
        typer.echo(f"ink: {len(found) - limit} older ones are not shown; use --limit or --since", err=True)


@app.command("export")
def export(
    otlp: Annotated[bool, typer.Option("--otlp", help="OpenTelemetry traces (OTLP JSON, one object a chain).")] = False,
    chain: Annotated[str, typer.Option(help="Only chains that begin so, for instance session:")] = "",
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Write events as JSON lines, or as traces, to standard output. Content of messages stands in events only."""
    do(_on_ledger(settings_of(profile, config), lambda ledger: _write(ledger, chain, otlp=otlp)))


def _write(ledger: LedgerFile, prefix: str, *, otlp: bool) -> None:
    for name in ledger.chains(prefix):
        if otlp:
            typer.echo(canonical_text(traces(ledger.events(name))))
            continue
        for event in ledger.events(name):
            typer.echo(json_line(event))


@app.command("erase")
def erase(
    user: Annotated[str, typer.Option(help="All that this user and their agents said.")] = "",
    session: Annotated[str, typer.Option(help="All of this session.")] = "",
    call: Annotated[str, typer.Option(help="Arguments and result of this call.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Erase personal content for good; that it was, stays on record, and the ledger verifies.

    While the manager runs, an administrator uses POST /api/v1/audit/erasures instead.
    """
    settings = settings_of(profile, config)
    if not yes:
        typer.confirm("What is erased cannot be brought back. Erase it?", abort=True)
    erased = do(_erase(settings, user, session, call, reason))
    also = f", and {erased.recordings} recorded terminals" if erased.recordings else ""
    out.print(f"erased the personal content of {erased.events} events in {len(erased.targets)} chains{also}")


@app.command("replay")
def replay(session: str, profile: Profile = "embedded", config: Config = None) -> None:
    """Play a session again from its records, and compare every request to a model with what was sent."""
    from manager.foreign import CHAIN as FOREIGN
    from manager.foreign import recorded_catalogue
    from manager.replay import Replay
    from manager.replay import replay as play

    settings = settings_of(profile, config)

    def work(ledger: LedgerFile) -> Replay:
        catalogue = recorded_catalogue(settings, ledger.events(FOREIGN))
        return play(ledger.events(session_chain(session)), lambda principal: catalogue.offered(principal.scopes))

    played = do(_on_ledger(settings, work))
    for step in played.steps:
        typer.echo(_printable(step))
    for problem in played.problems:
        typer.echo(_printable(f"PROBLEM  {problem}"))
    typer.echo(f"{played.identical} of {played.requests} requests to models are byte-identical to what was sent")
    raise typer.Exit(0 if played.ok else 1)


@app.command("archive")
def archive(
    file: Annotated[Path, typer.Argument(help="The new archive.")],
    before: Annotated[datetime, typer.Option(help="Move chains whose last event is older (UTC).")],
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Move chains that ended long ago to a file that still verifies with the ledger. The manager must not run."""
    try:
        by = f"{own_user()} (command line)"
        ledger = sqlite_ledger(settings_of(profile, config))
        moved = archive_chains(ledger, file, before=before.replace(tzinfo=UTC), by=by, clock=SystemClock())
    except (InkError, OSError) as error:
        fail(error)
    out.print(f"moved {moved.events} events of {moved.chains} chains to {file}; verify with --archive {file}")


async def _erase(settings: Settings, user: str, session: str, call: str, reason: str) -> Erased:
    selection, clock = Selection(user, session, call), SystemClock()
    by = f"{own_user()} (command line)"
    async with open_ledger(settings, clock) as ledger:
        recorder = TerminalRecorder(open_recordings(settings), ledger, clock)
        return await erase_everywhere(ledger, recorder, selection, by=by, reason=reason)


async def _on_ledger(settings: Settings, work: Callable[[LedgerFile], T]) -> T:
    async with ledger_file(settings) as file:
        return work(LedgerFile(file))


def _as_json(attempt: Attempt) -> str:
    jobs: list[JsonValue] = [*sorted(attempt.jobs)]
    return canonical_text({**asdict(attempt), "time": time_text(attempt.time), "jobs": jobs})


def _as_line(attempt: Attempt) -> str:
    decided = f"{attempt.verdict} by {attempt.decided_by}" if attempt.verdict else ""
    ended = f"{attempt.outcome} ({attempt.detail})" if attempt.detail else attempt.outcome
    jobs = " ".join(sorted(attempt.jobs))
    words = (time_text(attempt.time), attempt.user, attempt.tool, ended, decided, jobs, attempt.chain, attempt.call_id)
    return "  ".join(word for word in words if word)


def _printable(line: str) -> str:
    """What is recorded may hold anything: a line break or an escape sequence would forge lines."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def _utc(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time else None


def public_key(settings: Settings) -> str | None:
    file = settings.data_dir / "log" / "key"
    return file.read_text("utf-8").strip() if file.is_file() else None


def anchors_of(settings: Settings) -> list[Path]:
    """The site's own anchor file. What stands in the data directory is none: who rewrites the ledger rewrites it."""
    file = settings.audit.anchor_file
    return [file] if file and file.is_file() else []


def _options(name: str, values: list[Path] | list[str] | None) -> list[str]:
    return [word for value in values or () for word in (name, str(value))]
