"""Signs permits: the worker that carries out an approved call sees for itself that it was approved, and for what.

The gate opens a permit for the operation of an approved call; the connection that sends the operation to a worker gets
it sealed for exactly that worker, method and arguments. One operation is one call: sealing it again for another one is
refused. Limits: in memory, between the intent and the outcome of a call.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import JsonValue

from ink_core.clock import Clock
from ink_core.errors import BadInput, Forbidden
from ink_core.signing import SigningKey
from worker_agent.protocol import FileAsSeen, PermitClaims, SignedPermit, arguments_digest, permit_message

SLACK_S = 120.0
"""How much longer than its deadline a permit lasts: clocks of nodes differ."""


class PermitSpent(Forbidden):
    """An approved operation was about to be used for another call than the first."""

    code = "permit_spent"


@dataclass(frozen=True)
class Approved:
    """What was approved. `once` for an approval of one call, false for a call that a grant lets through."""

    operation_id: str
    approval_id: str
    once: bool
    approvers: tuple[str, ...]
    tool: str
    session: str
    files: tuple[FileAsSeen, ...] = ()


@dataclass
class _Open:
    approved: Approved
    sealed_for: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])


class Permits:
    def __init__(self, key: SigningKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock
        self._open: dict[str, _Open] = {}

    @property
    def public_key(self) -> str:
        """Hex; workers are launched with it."""
        return self._key.public.hex()

    @contextmanager
    def opened(self, approved: Approved) -> Generator[None]:
        """While the block runs, calls of this operation carry its permit."""
        self._open[approved.operation_id] = _Open(approved)
        try:
            yield
        finally:
            del self._open[approved.operation_id]

    def seal(
        self, operation_id: str, worker_id: str, method: str, arguments: Mapping[str, JsonValue], deadline_s: float
    ) -> dict[str, JsonValue]:
        """What the call's envelope says of its approval; nothing for a call that needs none. Raises `PermitSpent`."""
        opened = self._open.get(operation_id)
        if opened is None:
            return {}
        digest = _digest(method, arguments)
        opened.sealed_for.add((method, digest))
        if len(opened.sealed_for) > 1:
            raise PermitSpent(f"the approval of operation {operation_id} was used for another call already")
        expires = self._clock.now() + timedelta(seconds=deadline_s + SLACK_S)
        approved = opened.approved
        claims = PermitClaims(
            approval_id=approved.approval_id,
            once=approved.once,
            approvers=approved.approvers,
            tool=approved.tool,
            session=approved.session,
            worker_id=worker_id,
            operation_id=operation_id,
            method=method,
            arguments_sha256=digest,
            files=approved.files,
            expires_at=expires.timestamp(),
        ).model_dump_json()
        permit = SignedPermit(claims=claims, signature=self._key.sign(permit_message(claims)).hex())
        return {"approval_id": approved.approval_id, "permit": permit.model_dump()}


def _digest(method: str, arguments: Mapping[str, JsonValue]) -> str:
    try:
        return arguments_digest(arguments)
    except ValueError as error:
        raise BadInput(f"the arguments of {method} cannot be sent to a worker: {error}") from error
