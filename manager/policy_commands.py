"""`ink policy`: check a file, explain a decision, try a changed file on the calls of the past, print the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ink_core.clock import SystemClock
from ink_core.errors import BadInput, InkError
from manager.command_line import Config, Profile, do, fail, out, settings_of

if TYPE_CHECKING:
    from manager.gate.policy import Decision, Policy
    from manager.gate.policy.past import Difference, DryRun, Past

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

app = typer.Typer(no_args_is_help=True, help="The rules of the gate.")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
File = Annotated[Path | None, typer.Option("--file", help="A policy file; default: the one of the settings.")]
Ledger = Annotated[Path | None, typer.Option("--ledger", help="A ledger file; default: this installation's.")]


@app.command("check")
def check(file: Path) -> None:
    """Say whether a policy file is valid, and where it is not; and what its rules may have forgotten."""
    from manager.gate.policy.alike import forgotten
    from manager.gate.policy_file import load_policy

    try:
        policy = load_policy(file)
    except InkError as error:
        fail(error)
    out.print(f"valid: {len(policy.rules)} rules, version {policy.version}")
    for each in forgotten(policy.rules):
        out.out(f"warning: {each}", highlight=False)


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of policy files, for editors and checks."""
    from manager.gate.policy.reference import schema_text

    out.out(schema_text(), end="", highlight=False)


@app.command("explain")
def explain(
    tool: Annotated[str | None, typer.Argument(help="A tool; or name a recorded call by --call.")] = None,
    arguments: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE; the value is JSON, or else text.")] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help='What else the policy sees: username=bob, target_count=3, owners=["bob"] …')
    ] = None,
    call: Annotated[str | None, typer.Option(help="Id of a recorded call.")] = None,
    file: File = None,
    ledger: Ledger = None,
    as_json: AsJson = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """What the policy says of a call, described or recorded, and what it found at each rule."""
    from manager.gate.policy import decide
    from manager.gate.policy.described import described_call, given
    from manager.gate.policy_file import load_policy

    try:
        if call:
            facts = _past(ledger, profile, config).call(call).facts
        elif tool:
            facts = described_call(tool, given(arguments or []), given(fact or []), SystemClock().now())
        else:
            raise BadInput("name a tool, or a recorded call by --call")
        policy = load_policy(file or settings_of(profile, config).policy.file)
    except InkError as error:
        fail(error)
    _print_decision(policy, decide(policy, facts), as_json)


@app.command("dry-run")
def try_file(
    file: Path,
    since: Annotated[str, typer.Option(help="2026-01-31, 2026-01-31T23:00, or 7d for the last seven days.")],
    ledger: Ledger = None,
    as_json: AsJson = False,
    profile: Profile = "embedded",
    config: Config = None,
) -> None:
    """Decide again on the recorded calls, by this file, and show which would be treated otherwise."""
    from manager.gate.policy.past import dry_run
    from manager.gate.policy_file import load_policy

    try:
        policy = load_policy(file)
        begin = _moment(since, SystemClock().now())
        past = _past(ledger, profile, config)
    except InkError as error:
        fail(error)
    _print_dry_run(dry_run(policy, past, begin), past.skipped, as_json)


def _past(ledger: Path | None, profile: str, config: Path | None) -> Past:
    from audit.reading import LedgerFile
    from manager.gate.policy.past import past_calls
    from manager.ledger import ledger_file

    async def ours() -> Past:
        async with ledger_file(settings_of(profile, config)) as file:
            return past_calls(LedgerFile(file).all())

    return past_calls(LedgerFile(ledger).all()) if ledger else do(ours())


def _moment(text: str, now: datetime) -> datetime:
    """A date or time (UTC where no zone is given), or so long ago."""
    if found := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no time; write 2026-01-31, 2026-01-31T23:00 or 7d") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _print_decision(policy: Policy, decision: Decision, as_json: bool) -> None:
    if as_json:
        _print_json({**vars(decision), "trace": [looked._asdict() for looked in decision.trace]})
        return
    out.print(f"{decision.effect.value}: {decision.reason} (rule {decision.rule})", markup=False)
    if decision.effect == "ask":
        login = f", signed in within {decision.fresh_login_s:.0f} s" if decision.fresh_login_s else ""
        who = "the requester, or an administrator" if decision.approver == "requester" else "administrators"
        out.print(f"approvers: {decision.persons} ({who}){login}")
    effects = {rule.id: rule.effect.value for rule in policy.rules}
    rows = [(rule, effects[rule], found if found == "matched" else f"not {found}") for rule, found in decision.trace]
    _print_table(("rule", "effect", "found"), rows)


def _print_dry_run(tried: DryRun, skipped: int, as_json: bool) -> None:
    if as_json:
        differences = [_difference(difference) for difference in tried.differences]
        counts = {"calls": tried.calls, "uncertain": tried.uncertain, "skipped": skipped}
        _print_json({**counts, "differences": differences})
        return
    if tried.differences:
        header = ("time", "call", "user", "tool", "was", "would be")
        _print_table(header, [_row(_difference(difference)) for difference in tried.differences])
    out.print(f"{len(tried.differences)} of {tried.calls} calls would be treated otherwise")
    if tried.uncertain:
        out.print(f"{tried.uncertain} of them hold arguments that were redacted or erased, so they are not certain")
    if skipped:
        out.print(f"{skipped} calls were refused before the policy was asked, and are left out")


def _difference(difference: Difference) -> dict[str, Any]:
    past, now = difference.past, difference.now
    return {
        "call_id": past.call_id,
        "time": past.facts.time.isoformat(),
        "user": past.facts.username,
        "tool": past.facts.tool,
        "was": {"effect": past.effect.value, "rule": past.rule, "approver": past.approver, "persons": past.persons},
        "now": {"effect": now.effect.value, "rule": now.rule, "approver": now.approver, "persons": now.persons},
    }


def _row(shown: Mapping[str, Any]) -> Sequence[str]:
    was, now = (f"{one['effect']} ({one['rule']})" for one in (shown["was"], shown["now"]))
    return shown["time"][:19], shown["call_id"], shown["user"], shown["tool"], was, now


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need: nothing is cut where the output is no terminal."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        out.out("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), highlight=False)


def _print_json(value: Mapping[str, Any]) -> None:
    out.out(json.dumps(value, indent=2), highlight=False)
