"""What effects are counted in: a directory with the users' homes, a local scheduler, and worker agents that live on.

Workers are processes of their own, forked from the one that plays: the manager's death does not touch them. They dial
one listening socket that stays open all the time, so what they send to a dead manager is answered by the next one.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from ink_core.settings import Settings, load_settings
from ink_core.signing import KEY_FILE, SigningKey
from manager.access_point import SCHEDULER_PACK
from manager.workers.life import WorkerLife, digest
from worker_agent.agent import run_agent
from worker_agent.protocol import AgentConfig, Place

POLICY = """
version: 1
rules:
  - {id: all, when: {risk: [read, write]}, effect: allow, reason: In this world users may do what is theirs.}
  - {id: first, when: {tools: [run_command], arguments: {stdin: {is: ask}}}, effect: ask, risk: high, reason: Asked.}
  - {id: both, when: {tools: [run_command], arguments: {stdin: {is: ask two}}}, effect: ask, risk: high, persons: 2,
     reason: Asked of two.}
"""


@dataclass(frozen=True)
class Hand:
    """A worker agent that is there from the beginning."""

    worker_id: str
    user: str
    place: Place

    @property
    def secret(self) -> str:
        return f"launch secret of {self.worker_id}"


WORKER = Hand("w-executeagent01", "alice", Place.EXECUTE)
ALICES_ACCESS_POINT = Hand("w-accesspoint01", "alice", Place.ACCESS_POINT)


Cluster = Mapping[str, JsonValue]
"""`ClusterOptions` as JSON; of a local one the directory is the world's own."""

SCRIPTED: Mapping[str, JsonValue] = {
    "name": "scripted",
    "base_url": "http://127.0.0.1:9",
    "model": "m",
    "trust": "site",
}
"""What is known of the model, which the flow's script takes the place of."""

LOCAL: Cluster = {"type": "local", "name": "local", "poll_interval_s": 0.2}


@dataclass
class World:
    directory: Path
    ledger_url: str
    expire_s: float
    listener: socket.socket
    hands: Sequence[Hand]
    accounts: Path
    cluster: Cluster
    _agents: list[int] = field(default_factory=list[int])

    @property
    def settings(self) -> Settings:
        port = self.listener.getsockname()[1]
        data = self.directory / "data"
        return load_settings(
            environment={
                "INK_DATA_DIR": str(data),
                "INK_LEDGER__URL": self.ledger_url,
                "INK_CLUSTERS": json.dumps([self._options()]),
                "INK_MODELS": json.dumps([SCRIPTED]),
                "INK_AGENTS__DEFAULT_CLUSTER": self.cluster_name,
                "INK_AGENTS__WORKSPACE": str(self.directory / "home" / "{user}"),
                "INK_AGENTS__WORKER_URL": f"ws://127.0.0.1:{port}/agents/connect",
                "INK_POLICY__FILE": str(self.directory / "policy.yaml"),
                "INK_APPROVALS__EXPIRE_S": str(self.expire_s),
            }
        )

    @property
    def home(self) -> Path:
        """alice's home and workspace."""
        return self.directory / "home" / "alice"

    @property
    def cluster_name(self) -> str:
        return str(self.cluster["name"])

    def _options(self, **owner: JsonValue) -> dict[str, JsonValue]:
        if self.cluster["type"] != "local":
            return dict(self.cluster)  # who owns a job is the kernel's to say
        return {**self.cluster, "directory": str(self.directory / "queue"), **owner}

    def life(self, hand: Hand) -> WorkerLife:
        """As the manager recorded it when it launched the worker."""
        return WorkerLife(
            worker_id=hand.worker_id,
            user=hand.user,
            place=hand.place,
            cluster=self.cluster_name if hand.place is Place.EXECUTE else None,
            workspace=str(self.home),
            operation_id=f"op-{hand.worker_id}",
            launch_sha256=digest(hand.secret),
            expected_uid=os.getuid(),
        )

    def effects(self) -> list[str]:
        """What commands and jobs of the flow have left, one line each."""
        file = self.home / "effects"
        return file.read_text().splitlines() if file.exists() else []

    def begin(self) -> None:
        self.home.mkdir(parents=True)
        (self.directory / "data").mkdir(mode=0o700)
        shutil.copy(self.accounts, self.directory / "data" / "ink.db")
        SigningKey.open(self.settings.data_dir / KEY_FILE)  # made before anybody else makes it
        (self.directory / "policy.yaml").write_text(POLICY)
        self._agents.extend(forked(lambda hand=hand: self._be(hand)) for hand in self.hands)

    def end(self) -> None:
        """Agents and jobs have process groups of their own; what runs in this world names it in its environment."""
        self.lose_agents()
        for process in _processes_of(self.directory):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def lose_agents(self) -> None:
        while self._agents:
            agent = self._agents.pop()
            with suppress(ProcessLookupError):
                os.kill(agent, signal.SIGKILL)
            os.waitpid(agent, 0)

    def _be(self, hand: Hand) -> None:
        os.setsid()
        os.chdir("/")
        access_point = hand.place is Place.ACCESS_POINT
        config = AgentConfig(
            manager_url=self.settings.worker_url,
            worker_id=hand.worker_id,
            secret=hand.secret,
            place=hand.place,
            workspace=str(self.home),
            manager_key=SigningKey.open(self.settings.data_dir / KEY_FILE).public.hex(),
            packs=(SCHEDULER_PACK,) if access_point else (),
            pack_options={"clusters": [self._options(owner=hand.user)]} if access_point else {},
        )
        asyncio.run(run_agent(config))


def forked(work: Callable[[], object], errors: Path = Path(os.devnull)) -> int:
    """Process id of a child that does the work and is gone without cleaning up; the caller has one thread.

    What the child has to say of its end goes to the file `errors`.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        said = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream, goes_to in ((0, quiet), (1, quiet), (2, said)):
            os.dup2(goes_to, stream)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@contextmanager
def a_world(
    directory: Path, ledger_url: str, expire_s: float, hands: Sequence[Hand], accounts: Path, cluster: Cluster
) -> Iterator[World]:
    """`accounts` is a database of accounts that is copied, since making one takes longer than a life."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        world = World(directory, ledger_url, expire_s, listener, hands, accounts, cluster)
        world.begin()
        try:
            yield world
        finally:
            world.end()


def _processes_of(directory: Path) -> Iterator[int]:
    """Processes with a file of the world as working directory or in their command line."""
    mark = str(directory)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if os.readlink(entry / "cwd").startswith(mark) or mark.encode() in (entry / "cmdline").read_bytes():
                    yield int(entry.name)
