"""A worker signs what grew from what it signed before, and nothing else; being asked is no use of it."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checkpoint import Checkpoint, Cosignature, cosigned, sign_checkpoint
from audit.merkle import TiledTree, TileKey, leaf_hash
from ink_core.signing import SigningKey
from tests.unit.worker_agent.manager import WorkerLink
from worker_agent.protocol import PackError, WitnessCosigned
from worker_agent.witness import consistent

KEY = SigningKey(bytes(32))
WORKER = "w-0123456789ab"


class Log:
    """A log of numbered entries; `prefix` makes it another log than its namesake."""

    def __init__(self, size: int, prefix: str = "") -> None:
        self.tiles: dict[TileKey, bytes] = {}
        self.tree = TiledTree(self.tiles.__getitem__)
        self.tiles |= self.tree.append(leaf_hash(f"{prefix}{n}".encode()) for n in range(size))

    def checkpoint(self, size: int) -> Checkpoint:
        return sign_checkpoint(KEY, size, self.tree.root(size))

    def proof(self, old: int, new: int) -> list[str]:
        return [each.hex() for each in self.tree.consistency_proof(old, new)]


async def ask(link: WorkerLink, log: Log, new: int, old: int = 0) -> WitnessCosigned:
    proof = log.proof(old, new) if old else []
    return await link.call("witness.cosign", checkpoint=log.checkpoint(new).note, old_size=old, proof=proof)


@pytest.mark.requirement("AUDIT-VERIFY-04")
async def test_a_worker_countersigns_a_log_that_grows(link: WorkerLink, caplog: pytest.LogCaptureFixture) -> None:
    log = Log(900)
    with caplog.at_level(logging.INFO):
        first = await ask(link, log, 300)
        second = await ask(link, log, 900, old=300)
    assert first.key == second.key
    for size, answer in ((300, first), (900, second)):
        assert cosigned(log.checkpoint(size), Cosignature(WORKER, answer.key, answer.line or ""))
        assert not cosigned(log.checkpoint(size - 1), Cosignature(WORKER, answer.key, answer.line or ""))
        assert log.checkpoint(size).anchor_line in caplog.text  # in the user's own log, out of the manager's reach


@pytest.mark.requirement("AUDIT-VERIFY-04")
async def test_a_worker_refuses_a_log_that_was_rebuilt(link: WorkerLink) -> None:
    await ask(link, Log(300), 300)
    with pytest.raises(PackError) as refused:
        await ask(link, Log(900, prefix="forged "), 900, old=300)
    assert refused.value.fault.code == "checkpoint_inconsistent"
    assert (await ask(link, Log(900), 900, old=300)).line


async def test_a_worker_says_from_where_it_needs_the_proof(link: WorkerLink) -> None:
    log = Log(900)
    await ask(link, log, 300)
    answer = await ask(link, log, 900, old=100)
    assert (answer.line, answer.known_size) == (None, 300)
    assert (await ask(link, log, 900, old=answer.known_size)).line


async def test_a_worker_witnesses_one_log_only(link: WorkerLink) -> None:
    await ask(link, Log(300), 300)
    other = sign_checkpoint(SigningKey(b"o" * 32), 300, Log(300).tree.root())
    with pytest.raises(PackError) as refused:
        await link.call("witness.cosign", checkpoint=other.note, old_size=300, proof=[])
    assert refused.value.fault.code == "checkpoint_of_another_log"


@pytest.mark.parametrize("note", ["", "a\nb\nc\n\n", "origin\n5\nnot base64!\n\n"])
async def test_what_is_no_checkpoint_is_not_signed(link: WorkerLink, note: str) -> None:
    with pytest.raises(PackError) as refused:
        await link.call("witness.cosign", checkpoint=note)
    assert refused.value.fault.code == "bad_arguments"


LONG = Log(700)


@given(st.integers(1, 700), st.integers(1, 700), st.data())
def test_a_proof_is_right_for_its_two_trees_and_for_no_others(one: int, two: int, data: st.DataObject) -> None:
    old, new = sorted((one, two))
    proof = list(LONG.tree.consistency_proof(old, new))
    roots = LONG.tree.root(old), LONG.tree.root(new)
    assert consistent(old, roots[0], new, roots[1], proof)
    if old < new:
        assert not consistent(old, leaf_hash(b"x"), new, roots[1], proof)
        assert not consistent(old, roots[0], new, leaf_hash(b"x"), proof)
        assert not consistent(old, roots[0], new, roots[1], [])
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:place], leaf_hash(b"x"), *proof[place + 1 :]]
        assert not consistent(old, roots[0], new, roots[1], changed)
        assert not consistent(old, roots[0], new, roots[1], [*proof, leaf_hash(b"x")])
