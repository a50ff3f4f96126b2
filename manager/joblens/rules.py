"""Rules of JobLens in the platform: captures go into the book, warnings into the store, actions through the gate.

An action is an ordinary call of a program in the name of the administrator whom the rules name (`act_as`); where nobody
is named, or the account is not an administrator's any more, nothing is acted on. Policy decides on it as on every call:
by the shipped one, what touches another's job waits for the approval of a person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256

from pydantic import JsonValue

from ink_core.errors import Forbidden, InkError
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService
from ink_core.settings.joblens import JobLensSettings
from joblens.captures.capture import Capture, Detail
from joblens.query.lens import Lens
from joblens.records import Mark, MarkKind
from joblens.rules.events import Act, Fired, StartCapture, Warn
from joblens.rules.service import RuleService
from manager.gate.door import GateDoor
from manager.gate.policy import Origin
from manager.joblens.rule_book import RuleBook
from manager.joblens.rules_file import parse_rules, rules_text
from manager.switches import Switches

WAIT_S = 30.0
WORK_S = 1.0
CHAIN = "joblens:rules"
NEEDED = frozenset({Scope.JOBS_READ, Scope.JOBS_MANAGE})


class NoDelegation(Forbidden):
    """No administrator lets the rules act in their name."""

    code = "no_delegation"


class NotActed(Forbidden):
    """The gate refused the action, or it failed; the call on the chain of the rules says how."""

    code = "rule_action_not_done"


class LensDoer:
    """Implements `joblens.rules.service.Doer`."""

    def __init__(self, lens: Lens, door: GateDoor, identity: IdentityService, act_as: str | None) -> None:
        self._lens = lens
        self._door = door
        self._identity = identity
        self._act_as = act_as

    async def capture(self, order: StartCapture) -> None:
        fired, now = order.fired, self._lens.now()
        await self._lens.begin(
            Capture(
                id=_capture_id(fired),
                key=fired.key,
                begun=now,
                until=now + order.duration_s,
                interval_s=order.interval_s,
                details=tuple(Detail(each) for each in order.details),
                by=f"rule:{fired.rule}",
                reason=said(fired),
                hosts=(fired.host,),
            )
        )

    async def warn(self, warning: Warn) -> None:
        fired = warning.fired
        mark = Mark(fired.key, fired.time, MarkKind.WARNING, f"{warning.number}. {said(fired)}")
        await self._lens.leave(mark, fired.host, fired.heard)

    async def act(self, action: Act) -> None:
        fired = action.fired
        reason = f"rule {fired.rule} after {action.warnings} warnings: {said(fired)}"
        arguments: dict[str, JsonValue] = {
            "cluster": fired.key.cluster,
            "job_ids": [fired.key.job],
            "reason": reason[:1000],
        }
        view = await self._door.call(
            await self._delegate(fired.rule),
            action.tool,
            arguments,
            origin=Origin.MCP,  # it decides by itself, as an agent does, and is restrained like one
            chain=CHAIN,
            wait_s=WAIT_S,
            key=f"{fired.rule}:{fired.key.cluster}:{fired.key.job}",
        )
        if view.error is not None:
            raise NotActed(f"{action.tool} was not done: {view.error.message}")

    async def _delegate(self, rule: str) -> Principal:
        """Raises `NoDelegation`."""
        if self._act_as is None:
            raise NoDelegation("no administrator is named in act_as, so rules act on no job")
        try:
            user = await self._identity.user(self._act_as)
        except InkError as error:
            raise NoDelegation(f"act_as names {self._act_as}, who has no account") from error
        if user.disabled or Scope.ADMIN not in user.scopes:
            raise NoDelegation(f"act_as names {self._act_as}, who is not an administrator")
        return Principal(username=user.username, is_admin=True, scopes=NEEDED, credential=f"rule:{rule}")


def _capture_id(fired: Fired) -> str:
    """One for each time that a rule fires on a job, however long its name is."""
    whole = f"{fired.rule}\n{fired.key.cluster}\n{fired.key.job}\n{fired.time:.0f}"
    return f"rule-{sha256(whole.encode()).hexdigest()[:32]}"


def said(fired: Fired) -> str:
    """The rule's words and the figures."""
    figures = ", ".join(f"{name} {value:.6g}" for name, value in fired.evidence.items())
    return f"{fired.text} ({fired.rule}: {figures})"


def open_rules(
    settings: JobLensSettings, lens: Lens | None, door: GateDoor, identity: IdentityService, switches: Switches
) -> RuleBook | None:
    """None where JobLens is off. Its service has to be called in the background. Raises `RulesInvalid`."""
    if lens is None:
        return None
    text, source = rules_text(settings.rules_file)
    rules = parse_rules(text, source)
    service = RuleService(rules, LensDoer(lens, door, identity, rules.act_as), lens.now)
    lens.listeners.append(service.hear)
    book = RuleBook(source, text, rules, service, switches)
    book.begin()
    return book


def rule_work(book: RuleBook | None) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
    """What is to run in the background, and how often."""
    return [(WORK_S, book.service.work)] if book else []
