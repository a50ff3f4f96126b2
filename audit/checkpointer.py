"""Makes checkpoints: seals the heads of all chains into the log, signs its root, has it witnessed and anchored outside.

An append never waits for this: a chain is sealed by its head alone, whenever the next checkpoint comes. Limits: what
was appended after the last checkpoint is protected by its chain only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from audit.anchors import Anchor
from audit.checkpoint import Checkpoint, Cosignature, origin_of, read_checkpoint, sign_checkpoint, verifier_key
from audit.ledger import LedgerUnavailable
from audit.log_store import Leaf, LogStore
from audit.merkle import WIDTH, TiledTree, leaf_hash
from audit.tile_files import TileFiles
from ink_core.errors import InkError
from ink_core.signing import SigningKey

log = structlog.get_logger()

LEAVES_PAGE = 64 * WIDTH


class Witnesses(Protocol):
    async def cosign(self, checkpoint: Checkpoint, tree: TiledTree) -> Sequence[Cosignature]:
        """Of everybody who saw it and found it consistent with what they saw before; `tree` proves that it is."""
        ...


class NoWitnesses:
    async def cosign(self, checkpoint: Checkpoint, tree: TiledTree) -> Sequence[Cosignature]:
        return ()


class Checkpointer:
    def __init__(
        self,
        store: LogStore,
        files: TileFiles,
        key: SigningKey,
        anchors: Sequence[Anchor] = (),
        witnesses: Witnesses | None = None,
    ) -> None:
        """Blocking. Raises `LedgerUnavailable` when the ledger holds less than what was signed before.

        The attribute `key` is the public key, as signed-note writes it.
        """
        self._store = store
        self._files = files
        self._key = key
        self._anchors = anchors
        self._witnesses = witnesses or NoWitnesses()
        self._making = asyncio.Lock()
        self._latest = store.latest()
        self._refuse_a_shorter_log()
        self._tree: TiledTree | None = self._opened()
        self.key = verifier_key(origin_of(key), key.public)
        files.write_key(self.key)

    @property
    def latest(self) -> Checkpoint | None:
        return self._latest

    def latest_line(self) -> str | None:
        """For a place outside, such as the ad of a job that is submitted now."""
        return self._latest.anchor_line if self._latest else None

    async def cosigned(self) -> Sequence[Cosignature]:
        """What witnesses signed of the last checkpoint. Raises `LedgerUnavailable`."""
        latest = self._latest
        return await asyncio.to_thread(self._store.cosignatures, latest.size) if latest else ()

    async def last_leaf(self) -> Leaf | None:
        """A head of the last checkpoint. Raises `LedgerUnavailable`."""
        latest = self._latest
        found = await asyncio.to_thread(self._store.leaves, latest.size - 1, 1) if latest else ()
        return found[0] if found else None

    async def make_last(self) -> None:
        """When the service ends, which must not fail for it: the next start seals what is left."""
        try:
            await self.make()
        except InkError as error:
            log.error("no_last_checkpoint", code=error.code, reason=str(error))

    async def make(self) -> Checkpoint | None:
        """A new checkpoint, or None where no chain has grown. Raises `LedgerUnavailable`."""
        async with self._making:
            checkpoint = await asyncio.to_thread(self._seal)
            if checkpoint is not None:
                await self._make_known(checkpoint)
            return checkpoint

    def _seal(self) -> Checkpoint | None:
        leaves = self._store.unsealed()
        if not leaves:
            return None
        tree = self._tree
        if tree is None or tree.size != self._store.size():  # another replica may have sealed meanwhile
            tree = self._opened()
        self._tree = None  # until it is known that the database holds these leaves, too
        grown = tree.append(leaf_hash(leaf.entry) for leaf in leaves)
        checkpoint = sign_checkpoint(self._key, tree.size, tree.root())
        self._store.commit(leaves, checkpoint)
        self._latest = checkpoint
        for key, tile in grown.items():
            self._files.write_tile(key, tile)
        self._write_bundles(tree.size - len(leaves))
        self._files.write_checkpoint(checkpoint.note)
        self._tree = tree
        return checkpoint

    async def _make_known(self, checkpoint: Checkpoint) -> None:
        for anchor in self._anchors:
            try:
                await anchor.publish(checkpoint.anchor_line)
            except (InkError, OSError) as error:
                log.error("anchor_failed", anchor=anchor.name, size=checkpoint.size, reason=str(error))
        assert self._tree is not None, "a checkpoint was just made of it"
        cosignatures = await self._witnesses.cosign(checkpoint, self._tree)
        if cosignatures:
            await asyncio.to_thread(self._keep, checkpoint, cosignatures)

    def _keep(self, checkpoint: Checkpoint, cosignatures: Sequence[Cosignature]) -> None:
        self._store.record(checkpoint.size, cosignatures)
        self._files.write_checkpoint(checkpoint.note + "".join(f"{each.line}\n" for each in cosignatures))

    # -- opening -----------------------------------------------------------------------------------------------------

    def _refuse_a_shorter_log(self) -> None:
        """Nothing may be signed that contradicts what was signed before."""
        note = self._files.read_checkpoint()
        if note is None:
            return
        signed, held = read_checkpoint(note).size, self._latest.size if self._latest else 0
        if signed > held:
            raise LedgerUnavailable(
                f"the ledger holds {held} entries of its log, but a checkpoint over {signed} was signed: it was cut, "
                "or is an older copy. Put the newer one back; or, to begin a new log, move the signing key and the "
                "folder of the log away"
            )

    def _opened(self) -> TiledTree:
        """The tree of the files where they agree with the database, else made again from there."""
        self._latest, size = self._store.latest(), self._store.size()
        root = self._latest.root if self._latest else None
        try:
            tree = TiledTree(self._files.read, size)
            if not size or tree.root() == root:
                return tree
        except (FileNotFoundError, LookupError):
            pass
        return self._made_again(size, root)

    def _made_again(self, size: int, root: bytes | None) -> TiledTree:
        log.warning("log_files_made_again", size=size)
        self._files.clear()
        tree = TiledTree(self._files.read)
        for first in range(0, size, LEAVES_PAGE):
            leaves = self._store.leaves(first, LEAVES_PAGE)
            for key, tile in tree.append(leaf_hash(leaf.entry) for leaf in leaves).items():
                self._files.write_tile(key, tile)
        if tree.root() != root:
            raise LedgerUnavailable("the ledger's log does not match its last checkpoint; run `ink audit verify`")
        self._write_bundles(0)
        return tree

    def _write_bundles(self, first: int) -> None:
        """Bundles of entries from the one that holds leaf number `first` on."""
        index = first // WIDTH
        while leaves := self._store.leaves(index * WIDTH, WIDTH):
            self._files.write_bundle(index, [leaf.entry for leaf in leaves])
            index += 1
