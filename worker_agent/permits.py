"""Checks the permit of a call that needed approval: signed by the manager, for exactly this call, in time, used once.

Limits: what is not marked as approved is not checked here; the worker's clock tells what has expired. Files are
compared just before the work begins, so a change within that moment is not seen.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from pydantic import JsonValue, ValidationError

from worker_agent.faults import fault
from worker_agent.protocol import (
    Call,
    FileAsSeen,
    PackError,
    PermitClaims,
    SignedPermit,
    arguments_digest,
    permit_message,
)
from worker_agent.signature import signed

MOST_USED = 10_000

Digest = Callable[[str], Awaitable[str | None]]
"""The `files.digest` of a path now, None where there is nothing."""


class PermitCheck:
    """`manager_key` is the hex of the manager's public key; without one no approved call is obeyed."""

    def __init__(
        self, worker_id: str, manager_key: str | None, digest: Digest, now: Callable[[], float] = time.time
    ) -> None:
        self._worker_id = worker_id
        self._key = manager_key
        self._digest = digest
        self._now = now
        self._used: dict[str, tuple[str, float]] = {}

    async def admit(
        self, method: str, arguments: Mapping[str, JsonValue], call: Call, *, known: Callable[[], bool]
    ) -> Sequence[FileAsSeen]:
        """The files that must be unchanged. Raises a fault for a call that must not run.

        `known`: whether this operation was begun before, so that asking again returns its first outcome. It is asked
        just before the permit is used, and raises for a call that nobody waits for any more.
        """
        if call.approval_id is None and call.permit is None:
            return ()
        if call.permit is None or self._key is None:
            raise fault("permit_missing", "This call needs approval, and no permit that can be checked came with it.")
        claims = await self._verified(self._key, call.permit)
        self._check(claims, method, arguments, call)
        self._use(claims, known=known())
        return claims.files

    async def unchanged(self, files: Sequence[FileAsSeen]) -> None:
        for file in files:
            if await self._digest(file.path) != file.sha256:
                raise fault("file_changed", f"{file.path} has changed since it was approved; ask for approval again.")

    async def _verified(self, key: str, permit: SignedPermit) -> PermitClaims:
        if not await _signed(bytes.fromhex(key), permit_message(permit.claims), bytes.fromhex(permit.signature)):
            raise fault("permit_forged", "The permit of this call is not signed by the manager.")
        try:
            return PermitClaims.model_validate_json(permit.claims)
        except ValidationError as error:
            raise fault("permit_unreadable", "The permit is of another version; update the worker.") from error

    def _check(self, claims: PermitClaims, method: str, arguments: Mapping[str, JsonValue], call: Call) -> None:
        if claims.worker_id != self._worker_id:
            raise _foreign("another worker")
        if claims.operation_id != call.operation_id or claims.approval_id != call.approval_id:
            raise _foreign("another operation")
        if claims.method != method:
            raise _foreign("another method")
        if claims.arguments_sha256 != arguments_digest(arguments):
            raise _foreign("other arguments")
        if self._now() >= claims.expires_at:
            raise fault("permit_expired", "The permit of this call has expired; ask for approval again.")

    def _use(self, claims: PermitClaims, *, known: bool) -> None:
        now = self._now()
        self._used = {key: used for key, used in self._used.items() if used[1] > now}
        key = claims.approval_id if claims.once else claims.operation_id
        operation, _ = self._used.get(key, (None, 0.0))
        if operation is not None and (operation != claims.operation_id or not known):
            raise fault("permit_used", "This permit was used before; an approval counts once.")
        if len(self._used) >= MOST_USED:
            raise fault("too_many_operations", "Too many approved operations at once; try again.", retryable=True)
        self._used[key] = (claims.operation_id, claims.expires_at)


def _foreign(what: str) -> PackError:
    return fault("permit_mismatch", f"The permit of this call is for {what}.")


async def _signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return await signed(key, message, signature)
    except (OSError, TimeoutError) as error:
        raise fault("permit_unchecked", "The permit could not be checked now; try again.", retryable=True) from error
