"""The log of chain heads against the chains, its signed checkpoints, and what is known of it outside.

Every checkpoint's root is computed again from the leaves (RFC 6962 section 2.1), so any two of them are consistent or
one of them is found. A checkpoint known outside (an anchor, or what a witness signed) must be of this very log: history
that was rebuilt has another root there, even when it is signed with the right key.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .chains import Chains
from .notes import COSIGNATURE, Key, Note, can_verify, read_note
from .report import Report
from .rows import quoted, text

_LEAVES = """
SELECT l.leaf, l.chain, l.seq, l.hash, e.hash
FROM leaves l LEFT JOIN events e ON e.chain = l.chain AND e.seq = l.seq ORDER BY l.leaf
"""

Wanted = dict[tuple[bytes, int], bytes]
"""Leaves whose events must be in an archive, with the hash that they must have there."""


@dataclass
class Known:
    """What whoever verifies knows from elsewhere: the manager's key, anchors, and keys of witnesses."""

    key: Key | None = None
    anchors: Sequence[Note] = ()
    witnesses: Sequence[Key] = ()


@dataclass
class _Tree:
    """A Merkle tree of which only the roots of its whole subtrees are kept."""

    size: int = 0
    subtrees: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])

    def append(self, entry: bytes) -> None:
        count, digest = 1, hashlib.sha256(b"\x00" + entry).digest()
        while self.subtrees and self.subtrees[-1][0] == count:
            digest = _node(self.subtrees.pop()[1], digest)
            count *= 2
        self.subtrees.append((count, digest))
        self.size += 1

    def root(self) -> bytes:
        if not self.subtrees:
            return hashlib.sha256().digest()
        digest = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            digest = _node(left, digest)
        return digest


def check_log(connection: sqlite3.Connection, chains: Chains, known: Known, report: Report) -> Wanted:
    notes = list(_notes(connection, report))
    anchors = _of_this_log(known, notes, report)
    trusted = list(anchors)
    if can_verify():
        trusted += _witnessed(connection, notes, known.witnesses, report)
        _check_signatures([*notes, *anchors], known.key, report)
    elif notes:
        report.unchecked.append("signatures: the package cryptography is not installed")
    sizes = {note.size for note in (*notes, *trusted)}
    roots, sealed, wanted = _roots(connection, chains, sizes, report)
    for note in notes:
        if note.size in roots and roots[note.size] != note.root:
            report.problem(f"checkpoint {note.size}: the log has another root; entries were changed")
    for note in trusted:
        _check_trusted(note, roots, report)
    for size in sorted({note.size for note in anchors} & roots.keys() - {note.size for note in notes}):
        report.problem(f"checkpoint {size} is known outside and was removed here")
    last = max((note.size for note in notes), default=0)
    if last != max(roots, default=0):
        report.problem(f"the log has {max(roots, default=0)} entries, its last checkpoint is over {last}")
    agreed = [note.size for note in trusted if roots.get(note.size) == note.root]
    report.checkpoints, report.sealed = len(notes), sealed.get(last, 0)
    report.anchored = sealed.get(max(agreed, default=0), 0)
    return wanted


def _notes(connection: sqlite3.Connection, report: Report) -> Iterator[Note]:
    for size, content in connection.execute("SELECT size, note FROM checkpoints ORDER BY size"):
        note = read_note(f"checkpoint {size}", text(content)) if isinstance(content, bytes) else None
        if note is None or note.size != size:
            report.problem(f"checkpoint {size} is not one")
        else:
            yield note


def _of_this_log(known: Known, notes: Sequence[Note], report: Report) -> list[Note]:
    """Without the key nobody can tell another log's anchor from one of this log that was rebuilt under a new key."""
    origins = {known.key.name} if known.key else {note.origin for note in notes}
    for origin in sorted({note.origin for note in known.anchors} - origins):
        if known.key:
            report.unchecked.append(f"anchors of another log: {origin}")
        else:
            report.problem(f"the anchors name a log {origin}, which this is not; give the manager's public key")
    return [note for note in known.anchors if note.origin in origins]


def _check_signatures(notes: Sequence[Note], key: Key | None, report: Report) -> None:
    if key is None:
        if notes:
            report.unchecked.append("signatures of checkpoints: give the manager's public key")
        return
    for note in notes:
        if not key.signed(note.body, note.signature):
            report.problem(f"{note.source}, size {note.size}: not signed by {key.name}")


def _witnessed(
    connection: sqlite3.Connection, notes: Sequence[Note], witnesses: Sequence[Key], report: Report
) -> list[Note]:
    """Checkpoints that witnesses signed whose keys are known from elsewhere.

    What a stranger's key did not sign proves nothing and disproves nothing: it is only said.
    """
    by_size, silent = {note.size: note for note in notes}, set(witnesses)
    found: list[Note] = []
    strange = 0
    for size, vkey, line in connection.execute("SELECT size, key, line FROM cosignatures ORDER BY size"):
        note = by_size.get(size)
        key = _witness_key(vkey)
        if key not in witnesses:
            strange += not _signed(key, note, line)
        elif note is not None and _signed(key, note, line):
            found.append(note)
            silent.discard(key)
        else:
            report.problem(f"a cosignature on checkpoint {size} is not valid")
    if strange:
        report.unchecked.append(f"{strange} cosignatures that are not valid, by keys that are not known here")
    for key in sorted(silent, key=lambda each: each.name):
        report.problem(f"there is no cosignature by {key.name}, who signed checkpoints of this log")
    return found


def _signed(key: Key | None, note: Note | None, line: object) -> bool:
    if key is None or note is None or not isinstance(line, bytes):
        return False
    return key.signed(note.body, text(line).rpartition(" ")[2])


def _witness_key(vkey: object) -> Key | None:
    try:
        key = Key.read(text(vkey)) if isinstance(vkey, bytes) else None
    except ValueError:
        return None
    return key if key and key.kind == COSIGNATURE else None


def _check_trusted(note: Note, roots: dict[int, bytes], report: Report) -> None:
    if note.size not in roots:
        report.problem(f"{note.source} knows a log of {note.size} entries, this one has {max(roots, default=0)}: cut")
    elif roots[note.size] != note.root:
        report.problem(f"{note.source} knows another log of {note.size} entries: history before it was rebuilt")


def _roots(
    connection: sqlite3.Connection, chains: Chains, sizes: set[int], report: Report
) -> tuple[dict[int, bytes], dict[int, int], Wanted]:
    """Roots at these sizes and at the end; how many events are sealed there; what must be in archives."""
    tree, sealed, wanted = _Tree(), dict[bytes, int](), Wanted()
    roots, counts, archived = {0: tree.root()}, {0: 0}, chains.archived
    for leaf, chain, seq, digest, actual in connection.execute(_LEAVES):
        if (type(chain), type(seq), type(digest)) != (bytes, int, bytes) or leaf != tree.size:
            report.problem(f"entry {leaf} of the log is not one; entries were dropped, inserted or changed")
            break
        if actual is None and seq <= archived.get(chain, (0, b""))[0]:
            wanted[chain, seq] = digest
        elif actual != digest:
            report.problem(f"{text(chain)} #{seq}: is not the event that was sealed as entry {leaf} of the log")
        if seq <= sealed.get(chain, 0):
            report.problem(f"{text(chain)} #{seq}: was sealed after a later event, as entry {leaf} of the log")
        tree.append(b'{"chain":%b,"hash":"%b","seq":%d}' % (quoted(chain), digest, seq))
        sealed[chain] = seq
        if tree.size in sizes:
            roots[tree.size], counts[tree.size] = tree.root(), sum(sealed.values())
    roots[tree.size], counts[tree.size] = tree.root(), sum(sealed.values())
    return roots, counts, wanted


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
