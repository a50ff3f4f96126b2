"""A worker obeys an approved call only with the manager's permit for exactly that call: everything else is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from ink_core.clock import ManualClock
from ink_core.signing import SigningKey
from manager.permits import Approved, Permits, PermitSpent
from worker_agent.methods import digest_by
from worker_agent.operations import Operations
from worker_agent.permits import PermitCheck
from worker_agent.protocol import Call, FileAsSeen, FilesRemove, FilesRemoved, PackMethod
from worker_agent.sandbox import Sandbox
from worker_agent.server import Server
from worker_agent.threads import Threads

WORKER = "w-0123456789abcdef"
OPERATION = "op-0123456789ab"
METHOD = "files.remove"
ARGUMENTS: dict[str, JsonValue] = {"path": "results", "recursive": True}
KEY, THIEF = SigningKey(b"k" * 32), SigningKey(b"t" * 32)

pytestmark = pytest.mark.requirement("GATE-APPROVAL-09")


@dataclass
class Node:
    """A worker that counts what it removes, and the manager's clock and permits; both clocks are the same one."""

    workspace: Path
    clock: ManualClock = field(default_factory=ManualClock)
    removed: list[str] = field(default_factory=list[str])
    manager_key: str | None = KEY.public.hex()
    worker_id: str = WORKER

    def __post_init__(self) -> None:
        self.operations = Operations(most_ids=2)
        self.operations.epoch = 1
        self.digest = digest_by(Sandbox(str(self.workspace)), Threads())
        self.check = PermitCheck(
            self.worker_id, self.manager_key, self.digest, now=lambda: self.clock.now().timestamp()
        )
        self.methods = {
            METHOD: PackMethod(FilesRemove, FilesRemoved, self._remove),
            "files.erase": PackMethod(FilesRemove, FilesRemoved, self._remove),
        }
        self.server = Server(self.methods, self.operations, self.check)

    async def _remove(self, arguments: FilesRemove, call: Call) -> FilesRemoved:
        self.removed.append(arguments.path)
        return FilesRemoved(path=arguments.path)

    async def send(self, envelope: Mapping[str, Any], **changes: Any) -> str:
        """Send one call; `done`, or the code of its fault."""
        call = {"operation_id": OPERATION, "epoch": 1, "deadline_s": 5, **envelope}
        params = {"call": call | changes.pop("call", {}), "arguments": changes.pop("arguments", ARGUMENTS)}
        frame = {"jsonrpc": "2.0", "id": 1, "method": METHOD, "params": params, **changes}
        answer = json.loads(await self.server.answer(json.dumps(frame)))
        return "done" if "result" in answer else answer["error"]["data"]["code"]

    def sealed(self, key: SigningKey = KEY, worker_id: str = WORKER, **changes: Any) -> dict[str, Any]:
        """The envelope of the call, approved."""
        approved = {
            "operation_id": OPERATION,
            "approval_id": "a-1",
            "once": True,
            "approvers": ("ada",),
            "tool": "remove_file",
            "session": "session:s1",
            **changes,
        }
        permits = Permits(key, self.clock)
        with permits.opened(Approved(**approved)):
            operation_id = approved["operation_id"]
            return {
                "operation_id": operation_id,
                **permits.seal(operation_id, worker_id, METHOD, ARGUMENTS, deadline_s=5),
            }


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


async def test_an_approved_call_with_its_permit_runs_and_asked_again_gives_the_first_outcome(node: Node) -> None:
    envelope = node.sealed()
    assert [await node.send(envelope), await node.send(envelope)] == ["done", "done"]
    assert node.removed == ["results"]


async def test_a_permit_is_not_used_up_when_the_connection_is_replaced_while_it_is_checked(tmp_path: Path) -> None:
    node = Node(tmp_path)

    def replaced_meanwhile() -> float:
        node.operations.epoch = 2
        return node.clock.now().timestamp()

    node.check = PermitCheck(WORKER, KEY.public.hex(), node.digest, now=replaced_meanwhile)
    node.server = Server(node.methods, node.operations, node.check)
    envelope = node.sealed()
    assert await node.send(envelope) == "stale_epoch" and node.removed == []
    assert await node.send(envelope, call={"epoch": 2}) == "done"
    assert await node.send(envelope, call={"epoch": 2}) == "done" and node.removed == ["results"]


async def test_a_call_that_needs_no_approval_needs_no_permit(node: Node) -> None:
    assert await node.send({}) == "done"


async def test_a_call_marked_as_approved_without_a_permit_is_refused(node: Node) -> None:
    assert await node.send({"approval_id": "a-1"}) == "permit_missing"
    assert node.removed == []


async def test_a_worker_that_knows_no_key_obeys_no_approved_call(tmp_path: Path) -> None:
    node = Node(tmp_path, manager_key=None)
    assert await node.send(node.sealed()) == "permit_missing"


async def test_a_permit_that_somebody_else_signed_is_refused(node: Node) -> None:
    assert await node.send(node.sealed(THIEF)) == "permit_forged"
    assert node.removed == []


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("expires_at", 4e9),
        ("worker_id", "w-ffffffffffffffff"),
        ("operation_id", "op-ffffffffffff"),
        ("arguments_sha256", "0" * 64),
        ("approvers", ["ada", "bo"]),
        ("once", False),
    ],
)
async def test_an_edited_permit_is_refused(node: Node, claim: str, value: Any) -> None:
    envelope = node.sealed()
    claims = json.loads(envelope["permit"]["claims"]) | {claim: value}
    edited = envelope | {"permit": envelope["permit"] | {"claims": json.dumps(claims)}}
    assert await node.send(edited) == "permit_forged"
    assert node.removed == []


async def test_a_signature_over_something_else_is_no_permit(node: Node) -> None:
    """The manager signs checkpoints and approvals with the same key; none of them can be passed off as a permit."""
    envelope = node.sealed()
    claims = envelope["permit"]["claims"]
    other = {"claims": claims, "signature": KEY.sign(claims.encode()).hex()}
    assert await node.send(envelope | {"permit": other}) == "permit_forged"


async def test_a_permit_with_claims_that_this_worker_does_not_know_is_refused(node: Node) -> None:
    claims = '{"everything":"allowed"}'
    permit = {"claims": claims, "signature": KEY.sign(b"ink-permit/v1\n" + claims.encode()).hex()}
    assert await node.send({"approval_id": "a-1", "permit": permit}) == "permit_unreadable"


@pytest.mark.parametrize(
    "changes",
    [
        {"arguments": ARGUMENTS | {"path": "."}},
        {"arguments": {"path": "results"}},
        {"method": "files.erase"},
        {"call": {"operation_id": "op-ffffffffffff"}},
        {"call": {"approval_id": "a-2"}},
    ],
    ids=["swapped path", "left out argument", "other method", "other operation", "other approval"],
)
async def test_a_permit_for_another_call_is_refused(node: Node, changes: dict[str, Any]) -> None:
    assert await node.send(node.sealed(), **changes) == "permit_mismatch"
    assert node.removed == []


async def test_a_permit_for_another_worker_is_refused(node: Node) -> None:
    assert await node.send(node.sealed(worker_id="w-ffffffffffffffff")) == "permit_mismatch"


async def test_a_permit_that_has_expired_is_refused(node: Node) -> None:
    envelope = node.sealed()
    node.clock.advance(126)
    assert await node.send(envelope) == "permit_expired"
    assert node.removed == []


async def test_an_approval_that_counts_once_opens_no_second_operation(node: Node) -> None:
    assert await node.send(node.sealed()) == "done"
    assert await node.send(node.sealed(operation_id="op-ffffffffffff")) == "permit_used"
    assert node.removed == ["results"]


async def test_a_grant_opens_several_operations_each_once(node: Node) -> None:
    grant = {"approval_id": "g-1", "once": False}
    assert await node.send(node.sealed(**grant)) == "done"
    assert await node.send(node.sealed(**grant, operation_id="op-ffffffffffff")) == "done"
    assert node.removed == ["results", "results"]


async def test_a_replay_is_refused_even_when_the_worker_has_forgotten_the_operation(node: Node) -> None:
    envelope = node.sealed()
    assert await node.send(envelope) == "done"
    for number in range(4):
        await node.send({"operation_id": f"op-filler-{number}"}, arguments={"path": "x"})
    assert await node.send(envelope) == "permit_used"
    assert node.removed.count("results") == 1


@pytest.mark.requirement("GATE-APPROVAL-08")
@pytest.mark.parametrize("change", ["other content", "removed", "appeared"])
async def test_a_file_that_changed_since_it_was_approved_stops_the_call(node: Node, change: str) -> None:
    script = node.workspace / "run.sh"
    before = None if change == "appeared" else await _written(node, script, "echo approved")
    envelope = node.sealed(files=(FileAsSeen(path="run.sh", sha256=before),))
    if change == "removed":
        script.unlink()
    else:
        script.write_text("echo something else")
    assert await node.send(envelope) == "file_changed"
    assert await node.send(envelope) == "file_changed"
    assert node.removed == []


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_a_file_that_is_as_it_was_approved_lets_the_call_run(node: Node) -> None:
    digest = await _written(node, node.workspace / "run.sh", "echo approved")
    assert await node.send(node.sealed(files=(FileAsSeen(path="run.sh", sha256=digest),))) == "done"


@pytest.mark.requirement("GATE-APPROVAL-08")
async def test_anything_that_changes_in_a_tree_changes_its_digest(node: Node) -> None:
    (node.workspace / "results" / "deep").mkdir(parents=True)
    kept = node.workspace / "results" / "deep" / "kept"
    kept.write_text("1")
    digests = {await _digest(node, "results")}
    kept.write_text("22")
    digests.add(await _digest(node, "results"))
    (node.workspace / "results" / "new").touch()
    digests.add(await _digest(node, "results"))
    kept.unlink()
    digests.add(await _digest(node, "results"))
    assert len(digests) == 4


async def test_of_many_frames_with_one_permit_at_once_one_takes_effect(node: Node) -> None:
    envelope = node.sealed()
    assert set(await asyncio.gather(*(node.send(envelope) for _ in range(20)))) == {"done"}
    assert node.removed == ["results"]


def test_the_manager_seals_one_operation_for_one_call_only() -> None:
    permits = Permits(KEY, ManualClock())
    with permits.opened(Approved(OPERATION, "a-1", True, ("ada",), "remove_file", "session:s1")):
        permits.seal(OPERATION, WORKER, METHOD, ARGUMENTS, 5)
        permits.seal(OPERATION, WORKER, METHOD, ARGUMENTS, 5)
        with pytest.raises(PermitSpent):
            permits.seal(OPERATION, WORKER, METHOD, {"path": "."}, 5)
    assert permits.seal(OPERATION, WORKER, METHOD, ARGUMENTS, 5) == {}


async def _written(node: Node, file: Path, text: str) -> str:
    file.write_text(text)
    digest = await _digest(node, file.name)
    assert digest is not None
    return digest


async def _digest(node: Node, path: str) -> str | None:
    return await digest_by(Sandbox(str(node.workspace)), Threads())(path)
