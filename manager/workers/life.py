"""One worker agent's life as a fold over its ledger chain `worker:ID`, and the pure check of a `Hello` against it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Record
from worker_agent.protocol import PROTOCOL_VERSION, Hello, Place, Refused

CHAIN_PREFIX = "worker:"
LAUNCHED = "worker.launched"
WRONG_VERSION = "wrong_version"


@dataclass(frozen=True, slots=True)
class WorkerLife:
    """`launch_sha256` is of the one-time launch token, `resume_sha256` of the secret given at the last connection.

    `former_sha256` is of the secret that this connection was opened with, as long as nobody knows whether the worker
    has received the new one: the welcome may have been lost with the manager that sent it.
    `mounts` are the trees of the user that its container shows; None for a worker without a container.
    `token_expires_at` is the end of the launch token; None only for lives of ledgers from before tokens had one.
    """

    worker_id: str
    user: str
    place: Place
    cluster: str | None
    workspace: str
    operation_id: str
    launch_sha256: str
    expected_uid: int | None
    mounts: tuple[str, ...] | None = None
    token_expires_at: datetime | None = None
    launched_at: datetime | None = None
    job_id: str | None = None
    host: str | None = None
    epoch: int = 0
    resume_sha256: str | None = None
    former_sha256: str | None = None
    connected: bool = False
    left_at: datetime | None = None
    gone: bool = False
    detail: str | None = None

    @property
    def over(self) -> bool:
        """Nobody counts on it: it is gone, or an access-point agent that is away; another is started when needed."""
        return self.gone or (self.place is Place.ACCESS_POINT and not self.connected)


def chain_of(worker_id: str) -> str:
    return CHAIN_PREFIX + worker_id


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def launched(life: WorkerLife) -> Record:
    body: dict[str, JsonValue] = {
        "worker_id": life.worker_id,
        "user": life.user,
        "place": life.place.value,
        "cluster": life.cluster,
        "workspace": life.workspace,
        "operation_id": life.operation_id,
        "launch_sha256": life.launch_sha256,
        "expected_uid": life.expected_uid,
        "mounts": None if life.mounts is None else list[JsonValue](life.mounts),
        "token_expires_at": life.token_expires_at.isoformat() if life.token_expires_at else None,
    }
    return Record(LAUNCHED, body)


def fold(life: WorkerLife | None, event: Event) -> WorkerLife:
    """Life after `event`. The first event of a chain is `worker.launched`; a later one renews the launch token."""
    body = cast("dict[str, Any]", dict(event.body))
    if event.kind == LAUNCHED:
        return _launched(body, event.time)
    if life is None:
        raise ValueError(f"{event.chain} does not begin with worker.launched")
    match event.kind:
        case "worker.submitted":
            return replace(life, job_id=body["job_id"])
        case "worker.launch_failed":
            return replace(life, gone=True, detail=body["message"])
        case "worker.connected":
            return replace(
                life,
                epoch=body["epoch"],
                host=body["host"],
                job_id=life.job_id or body["job_id"],
                resume_sha256=body["resume_sha256"],
                former_sha256=body.get("proved_sha256") or life.resume_sha256 or life.launch_sha256,
                connected=True,
                gone=False,
                detail=None,
            )
        case "worker.disconnected":
            former = None if body.get("heard", True) else life.former_sha256
            return replace(life, connected=False, left_at=event.time, former_sha256=former)
        case "worker.gone":
            return replace(life, connected=False, gone=True, detail=body["reason"])
        case _:
            return life


def check_hello(life: WorkerLife | None, hello: Hello, now: datetime, connected: bool = False) -> Refused | None:
    """Why this worker may not connect, or None. A launch token counts once: afterwards only the resume secret does.

    Unless the worker cannot have been heard with the new secret: not `connected` now, and its last connection broke, or
    the manager died, before a frame came from it. Else a crash between record and welcome would lose the worker.
    """
    if life is None or life.gone:
        return _refused("unknown_worker", "this worker is not expected; launch a new one")
    expected = life.resume_sha256 or life.launch_sha256
    unsure = life.former_sha256 if not connected else None
    offered = digest(hello.secret)
    if not hmac.compare_digest(offered, expected) and not (unsure and hmac.compare_digest(offered, unsure)):
        if hmac.compare_digest(offered, life.launch_sha256):
            return _refused("token_used", "this launch token was used before; launch a new worker")
        return _refused("token_invalid", "this token is not the worker's; launch a new worker")
    if life.resume_sha256 is None and life.token_expires_at is not None and now >= life.token_expires_at:
        return _refused("token_expired", "this launch token was not used in time; launch a new worker")
    if life.expected_uid is not None and hello.uid != life.expected_uid:
        return _refused("wrong_user", f"this worker belongs to {life.user}, but runs with uid {hello.uid}")
    if hello.place is not life.place:
        return _refused("wrong_place", f"this worker was launched as {life.place.value}, not {hello.place.value}")
    if hello.version != PROTOCOL_VERSION:
        said = f"it speaks protocol {hello.version}, and this manager {PROTOCOL_VERSION}"
        return _refused(WRONG_VERSION, f"{said}: launch a new worker, of the manager's release")
    return None


def _refused(code: str, message: str) -> Refused:
    return Refused(code=code, message=message, retryable=False)


def _launched(body: Mapping[str, Any], at: datetime) -> WorkerLife:
    return WorkerLife(
        worker_id=body["worker_id"],
        user=body["user"],
        place=Place(body["place"]),
        cluster=body["cluster"],
        workspace=body["workspace"],
        operation_id=body["operation_id"],
        launch_sha256=body["launch_sha256"],
        expected_uid=body["expected_uid"],
        mounts=None if body.get("mounts") is None else tuple(body["mounts"]),
        token_expires_at=datetime.fromisoformat(expires) if (expires := body.get("token_expires_at")) else None,
        launched_at=at,
    )
