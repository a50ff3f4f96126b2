"""Workers that are connected countersign each checkpoint; the ledger keeps it, and the verifier counts it."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audit.checkpoint import COSIGNATURE, Cosignature, verifier_key
from audit.checkpointer import Checkpointer
from audit.ledger import Record
from audit.sqlite import SqliteLedger
from audit.sqlite_log import SqliteLogStore
from audit.tile_files import TileFiles
from audit.verify import verify
from ink_core.clock import ManualClock
from ink_core.signing import SigningKey
from manager.workers.connection import Closed
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.registry import WorkerRegistry
from manager.workers.witnesses import WorkerWitnesses
from worker_agent.protocol import PROTOCOL_VERSION, Call, Frame, Hello, Place, WitnessCosign
from worker_agent.witness import Witness

KEY = SigningKey(bytes(32))
VKEY = verifier_key(f"ink-harness/ledger/{KEY.key_id}", KEY.public)


class WitnessSocket:
    """The other end is a witness as a worker has it; `deaf` never answers, `liar` signs something else.

    `open` ends its line with a line break, `huge` sends megabytes, and `stranger` signs under another's name.
    """

    def __init__(self, worker_id: str, manner: str = "honest") -> None:
        self._witness = Witness("w-another" if manner == "stranger" else worker_id)
        self._manner = manner
        self._answers: asyncio.Queue[str | None] = asyncio.Queue()
        self.asked = 0

    async def send(self, frame: Frame) -> None:
        assert isinstance(frame, str)
        request = json.loads(frame)
        if request.get("method") != "witness.cosign" or self._manner == "deaf":
            return
        self.asked += 1
        arguments = WitnessCosign.model_validate(request["params"]["arguments"])
        answer = await self._witness.cosign(arguments, Call.model_validate(request["params"]["call"]))
        if self._manner == "liar" and answer.line:
            answer = answer.model_copy(update={"line": answer.line[:-8] + "AAAAAAA="})
        if self._manner in ("open", "huge") and answer.line:
            answer = answer.model_copy(
                update={"line": answer.line + ("\n" if self._manner == "open" else "x" * 3_000_000)}
            )
        await self._answers.put(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": answer.model_dump()}))

    async def receive(self) -> str:
        if (answer := await self._answers.get()) is None:
            raise Closed
        return answer

    async def close(self, code: int, reason: str) -> None:
        await self._answers.put(None)


class Centre:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "l"
        self.ledger = SqliteLedger(self.path)
        self.registry = WorkerRegistry(self.ledger, ManualClock())
        self.store = SqliteLogStore(self.path)
        self.files = TileFiles(folder / "log")
        self.checkpointer = self.start()
        self.serving: list[asyncio.Task[None]] = []

    def start(self) -> Checkpointer:
        return Checkpointer(self.store, self.files, KEY, (), WorkerWitnesses(self.registry, 3))

    async def join(self, place: Place, manner: str = "honest") -> WitnessSocket:
        worker_id, secret = f"w-{secrets.token_hex(8)}", secrets.token_hex(8)
        life = WorkerLife(worker_id, "alice", place, None, "/scratch", f"op-{worker_id}", digest(secret), None)
        await self.registry.record(worker_id, launched(life))
        hello = Hello(
            version=PROTOCOL_VERSION, worker_id=worker_id, secret=secret, place=place, user="alice", uid=1,
            host="node", job_id=None, capabilities=(),
        )  # fmt: skip
        socket = WitnessSocket(worker_id, manner)
        connection = await self.registry.accept(hello, socket)
        self.serving.append(asyncio.create_task(connection.serve()))  # type: ignore[union-attr]
        return socket

    async def close(self) -> None:
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving, return_exceptions=True)
        self.store.close()
        await self.ledger.close()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    built = Centre(tmp_path)
    yield built
    await built.close()


@pytest.mark.requirement("AUDIT-VERIFY-04")
async def test_cosignatures_are_kept_published_and_count_for_who_knows_the_witness(centre: Centre) -> None:
    await centre.join(Place.EXECUTE)
    await centre.checkpointer.make()
    await centre.ledger.append("s", Record("k", {}))
    checkpoint = await centre.checkpointer.make()
    assert checkpoint
    (cosignature,) = centre.store.cosignatures(checkpoint.size)
    assert centre.files.read_checkpoint() == f"{checkpoint.note}{cosignature.line}\n"
    report = verify(centre.path, key=VKEY, witnesses=[cosignature.key])
    assert (report.problems, report.anchored, report.sealed) == ([], 3, 3)
    assert verify(centre.path, key=VKEY).anchored == 0
    unknown = verify(centre.path, key=VKEY, witnesses=[verifier_key("w", KEY.public, 4)])
    assert "no cosignature by w" in unknown.problems[0]


async def test_a_manager_that_restarts_finds_out_what_a_witness_knows(centre: Centre) -> None:
    socket = await centre.join(Place.EXECUTE)
    await centre.checkpointer.make()
    again = centre.start()
    await centre.ledger.append("s", Record("k", {}))
    checkpoint = await again.make()
    assert checkpoint and len(centre.store.cosignatures(checkpoint.size)) == 1
    assert socket.asked == 3


async def test_a_witness_that_signs_something_else_does_not_count(centre: Centre) -> None:
    await centre.join(Place.EXECUTE, "liar")
    await centre.join(Place.EXECUTE)
    checkpoint = await centre.checkpointer.make()
    assert checkpoint and len(centre.store.cosignatures(checkpoint.size)) == 1


@pytest.mark.parametrize("manner", ["open", "huge", "stranger"])
async def test_a_signature_in_another_form_or_under_another_name_is_not_kept(centre: Centre, manner: str) -> None:
    await centre.join(Place.EXECUTE, manner)
    await centre.join(Place.EXECUTE)
    checkpoint = await centre.checkpointer.make()
    assert checkpoint and len(centre.store.cosignatures(checkpoint.size)) == 1
    assert verify(centre.path, key=VKEY).problems == []


async def test_what_a_stranger_did_not_sign_is_said_and_what_a_known_witness_did_not_sign_is_a_problem(
    centre: Centre,
) -> None:
    await centre.join(Place.EXECUTE)
    checkpoint = await centre.checkpointer.make()
    assert checkpoint
    key = verifier_key("w", KEY.public, COSIGNATURE)
    centre.store.record(checkpoint.size, [Cosignature("w", key, "— w AAAA\n")])
    report = verify(centre.path, key=VKEY)
    assert report.ok and "1 cosignatures that are not valid" in report.unchecked[0]
    known = verify(centre.path, key=VKEY, witnesses=[key])
    assert f"a cosignature on checkpoint {checkpoint.size} is not valid" in known.problems


async def test_one_that_does_not_answer_is_passed_over(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manager.workers.witnesses.DEADLINE_S", 0.1)
    monkeypatch.setattr("manager.workers.connection.GRACE_S", 0.1)
    await centre.join(Place.EXECUTE, "deaf")
    checkpoint = await centre.checkpointer.make()
    assert checkpoint and centre.store.cosignatures(checkpoint.size) == ()


async def test_execute_agents_are_asked_first_and_not_more_than_a_few(centre: Centre) -> None:
    near = [await centre.join(Place.ACCESS_POINT) for _ in range(3)]
    far = [await centre.join(Place.EXECUTE) for _ in range(2)]
    await centre.checkpointer.make()
    assert [socket.asked for socket in far] == [1, 1]
    assert sum(socket.asked for socket in near) == 1
