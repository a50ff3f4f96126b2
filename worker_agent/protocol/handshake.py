"""How a worker is told where to dial, and how it and the manager greet each other."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from worker_agent.protocol.wire import OperationId, Wire, WorkerId


class Place(StrEnum):
    """Where an agent runs: beside the schedulers' commands, or inside a cluster job."""

    ACCESS_POINT = "access_point"
    EXECUTE = "execute"


class AgentConfig(Wire):
    """What a starting agent reads from its configuration file or standard input, never from argv.

    `secret` is the one-time launch token; `workspace` is the directory that all paths are confined to. `packs` are
    capability packs, each `module:function`, named by the one who starts the agent. `manager_key` is the manager's
    public Ed25519 key (hex), by which the permits of approved calls are checked. `manager_ca` (PEM) are the authorities
    that the manager's certificate is checked by instead of the machine's.
    """

    manager_url: str
    worker_id: WorkerId
    secret: str = Field(repr=False)
    place: Place
    workspace: str
    packs: tuple[str, ...] = ()
    pack_options: dict[str, JsonValue] = Field(default_factory=dict)
    idle_timeout_s: float | None = None
    reconnect_for_s: float = 900.0
    manager_key: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    manager_ca: str | None = None


class Hello(Wire):
    """First frame of the worker. `secret` is the launch token on the first connection, the resume secret later."""

    version: int
    worker_id: WorkerId
    secret: str = Field(repr=False)
    place: Place
    user: str
    uid: int
    host: str
    job_id: str | None
    capabilities: tuple[str, ...]
    unfinished: tuple[OperationId, ...] = ()


class Welcome(Wire):
    """Answer to a good `Hello`. `epoch` fences: a request with another epoch than the last `Welcome`'s is refused."""

    kind: Literal["welcome"] = "welcome"
    epoch: int
    resume_secret: str = Field(repr=False)
    heartbeat_s: float


class Refused(Wire):
    """Answer to a bad `Hello`. `retryable` tells the worker whether to dial again or to exit."""

    kind: Literal["refused"] = "refused"
    code: str
    message: str
    retryable: bool
