"""Stand-alone verifier of a ledger file: `python -m audit.verify FILE`, or `python verify.py FILE` on a copied file.

Standard library only; the file is opened read-only and may be in use. Recomputes every chain in one pass and finds
flipped bits, edits, dropped, inserted and reordered events, and a tail that was cut off (against the heads table, which
is written in the same transaction). Personal parts are checked against their salted commitments; where they are gone an
erasure must be recorded. Pairs every attempt (`call.proposed`) with its outcome.

The write-ahead log beside the file is checked as bytes, because SQLite silently drops all after a damaged frame.

Limits: whoever can rewrite the whole file, hashes and heads included, or cuts the end off the write-ahead log, is not
found here; that takes signed checkpoints that are kept elsewhere. Damage to the last transaction of that log can look
like a write that never ended.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

MAX_PROBLEMS = 100
_WAL_HEADER, _WAL_FRAME, _WAL_LITTLE_ENDIAN = 32, 24, 0x377F0682
FORMAT = 2
_SELECT = "SELECT position, chain, seq, kind, time, body, seal, salt, private, prev, hash FROM events ORDER BY position"
_SHAPE = (bytes, int, bytes, bytes, bytes, bytes, (bytes, type(None)), (bytes, type(None)), bytes, bytes)
Row = tuple[bytes, int, bytes, bytes, bytes, bytes, "bytes | None", "bytes | None", bytes, bytes]


@dataclass
class Attempt:
    """One tool call. `outcome`: done, failed, refused, indeterminate, or open (proposed and not ended)."""

    chain: str
    call_id: str
    tool: str
    outcome: str = "open"
    intended: bool = False


@dataclass
class Report:
    """What was found. `problems` stops at 100; `ok` is what counts."""

    chains: int = 0
    events: int = 0
    erased: int = 0
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    problems: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def outcomes(self) -> dict[str, int]:
        """How many attempts ended how."""
        counts: dict[str, int] = {}
        for attempt in self.attempts:
            counts[attempt.outcome] = counts.get(attempt.outcome, 0) + 1
        return counts

    def problem(self, text: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(text)


def verify(path: Path | str) -> Report:
    """Check one ledger file. Every fault is a problem in the report; a file that cannot be read is one, too."""
    report = Report()
    try:
        with closing(_open(Path(path))) as connection:
            connection.execute("BEGIN")  # one moment's view, although the ledger may be growing
            _check_structure(connection, report)
            heads = _check_events(connection, report)
            _check_heads(connection, heads, report)
            _check_log(Path(path), report)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:  # the last: flipped bits in a name of the schema
        report.problem(f"{path} cannot be read as a ledger: {error}")
    return report


def _open(path: Path) -> sqlite3.Connection:
    """Read-only. On a read-only disk SQLite needs to be told that nobody writes, which no -wal file proves."""
    if not path.is_file():
        raise FileNotFoundError("there is no such file")
    sealed = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    mode = "immutable=1" if sealed else "mode=ro"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
    connection.text_factory = bytes  # flipped bits need not be UTF-8
    return connection


def _check_structure(connection: sqlite3.Connection, report: Report) -> None:
    for (answer,) in connection.execute(f"PRAGMA integrity_check({MAX_PROBLEMS})"):
        if answer != b"ok":
            report.problem(f"the database file is damaged: {_text(answer)}")
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found != FORMAT:
        report.problem(f"this is ledger format {found}; this verifier knows format {FORMAT}")


def _check_events(connection: sqlite3.Connection, report: Report) -> dict[bytes, tuple[int, bytes]]:
    heads: dict[bytes, tuple[int, bytes]] = {}
    calls, erasures = _Calls(report), _Erasures(report)
    for row in _rows(connection, report):
        chain, seq, kind, _, body, _, _, _, prev, digest = row
        last_seq, last_hash = heads.get(chain, (0, b""))
        name = f"{_text(chain)} #{seq}"
        if seq != last_seq + 1:
            report.problem(f"{name}: follows #{last_seq}; events were dropped, inserted or reordered")
        if prev != last_hash:
            report.problem(f"{name}: does not continue the event before it")
        if _hash(row) != digest:
            report.problem(f"{name}: the content does not match its hash")
        elif kind.startswith(b"call."):
            calls.saw(_text(chain), name, kind, body)
        erasures.saw(row, name)
        heads[chain] = (seq, digest)
        report.events += 1
    erasures.end()
    report.chains = len(heads)
    return heads


def _rows(connection: sqlite3.Connection, report: Report) -> Iterator[Row]:
    """Events in the order they were written. A flipped bit may change even the type of a value."""
    for position, *row in connection.execute(_SELECT):
        if all(isinstance(value, kind) for value, kind in zip(row, _SHAPE, strict=True)):
            yield cast(Row, tuple(row))
        else:
            report.problem(f"the event at position {position} has values of another type")


def _hash(row: Row) -> bytes:
    """SHA-256 over the canonical event. `body` is hashed as it is stored, so that any change of its bytes shows."""
    chain, seq, kind, time, body, seal, _, _, prev, _ = row
    sealed = b'{"body":%b,"chain":%b,"kind":%b,"prev":%b,"seal":%b,"seq":%d,"time":%b}' % (
        body, _quoted(chain), _quoted(kind), _quoted(prev), _quoted(seal), seq, _quoted(time),
    )  # fmt: skip
    return hashlib.sha256(sealed).hexdigest().encode()


def _quoted(text: bytes) -> bytes:
    if text.isascii() and b'"' not in text and b"\\" not in text:
        return b'"%b"' % text  # chain and kind are printable, so that nothing else needs an escape
    return json.dumps(_text(text), ensure_ascii=False).encode(errors="surrogateescape")


def _text(value: bytes) -> str:
    return value.decode(errors="surrogateescape")


def _check_heads(connection: sqlite3.Connection, found: dict[bytes, tuple[int, bytes]], report: Report) -> None:
    recorded: dict[bytes, tuple[int, bytes]] = {}
    for chain, seq, digest in connection.execute("SELECT chain, seq, hash FROM heads"):
        if (type(chain), type(seq), type(digest)) == (bytes, int, bytes):
            recorded[chain] = (seq, digest)
        else:
            report.problem("a recorded head has values of another type")
    for chain in sorted(recorded.keys() | found.keys()):
        expected, actual = recorded.get(chain), found.get(chain, (0, b""))
        if expected is None:
            report.problem(f"{_text(chain)}: has events and no recorded head")
        elif expected != actual:
            ends = f"ends at #{actual[0]}, the recorded head is #{expected[0]}"
            report.problem(f"{_text(chain)}: {ends}; its end was cut or changed")


def _check_log(path: Path, report: Report) -> None:
    lost = lost_transactions(path)
    if lost and lost_transactions(path):  # twice, since a log in use may be begun anew while it is read
        report.problem(f"{path}-wal is damaged: {lost} committed transactions in it can no longer be read")


def lost_transactions(path: Path) -> int:
    """Committed transactions of `FILE-wal` from the first damaged frame on, which SQLite would drop.

    Format: sqlite.org/fileformat2.html, section 4. Frames with other salts than the header's are left over from before
    the log was begun anew; frames without a commit frame after them were never acknowledged.
    """
    log = Path(f"{path}-wal")
    content = log.read_bytes() if log.is_file() else b""
    if len(content) <= _WAL_HEADER:
        return 0
    magic, _, page_size, _, salt1, salt2, *expected = struct.unpack(">8I", content[:_WAL_HEADER])
    order = "<" if magic == _WAL_LITTLE_ENDIAN else ">"
    sums = _wal_sums(content[: _WAL_HEADER - 8], (0, 0), order)
    if list(sums) != expected or not 512 <= page_size <= 65536:
        return 1
    sound, later = True, 0
    for start in range(_WAL_HEADER, len(content) - _WAL_FRAME - page_size + 1, _WAL_FRAME + page_size):
        _, commit, *salts, first, second = struct.unpack(">6I", content[start : start + _WAL_FRAME])
        ours = salts == [salt1, salt2]
        if sound:
            page = content[start + _WAL_FRAME : start + _WAL_FRAME + page_size]
            sums = _wal_sums(page, _wal_sums(content[start : start + 8], sums, order), order)
            sound = ours and sums == (first, second)
        later += bool(not sound and ours and commit)
    return later


def _wal_sums(content: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second


class _Erasures:
    """Holds personal parts against their commitments, and those that are missing against the recorded erasures."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._missing: dict[str, set[int]] = {}
        self._recorded: list[tuple[str, int, int]] = []

    def saw(self, row: Row, name: str) -> None:
        chain, seq, kind, _, body, seal, salt, private, _, _ = row
        if kind == b"audit.erased":
            self._recorded.extend(_erased_ranges(body))
        if private is not None and hashlib.sha256((salt or b"") + private).hexdigest().encode() != seal:
            self._report.problem(f"{name}: the personal content does not match its commitment")
        elif private is None and (seal or salt):
            self._missing.setdefault(_text(chain), set()).add(seq)

    def end(self) -> None:
        self._report.erased = sum(map(len, self._missing.values()))
        for chain, first, last in self._recorded:
            missing = self._missing.get(chain, set())
            missing -= {seq for seq in missing if first <= seq <= last}
        for chain, missing in self._missing.items():
            for seq in sorted(missing):
                self._report.problem(f"{chain} #{seq}: the personal content is gone and no erasure is recorded")


def _erased_ranges(body: bytes) -> Iterator[tuple[str, int, int]]:
    try:
        for chain, ranges in json.loads(body)["events"].items():
            for first, last in ranges:
                yield str(chain), int(first), int(last)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return  # an event that no ledger wrote; what it should have covered stays a problem


class _Calls:
    """Pairs attempts with outcomes while the events go by."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._attempts: dict[tuple[str, str], Attempt] = {}

    def saw(self, chain: str, name: str, kind: bytes, text: bytes) -> None:
        try:
            body = cast("dict[str, Any]", json.loads(text))
        except (ValueError, RecursionError):
            body = {}
        if type(body) is not dict or "call_id" not in body:
            self._report.problem(f"{name}: {_text(kind)} names no call")
        else:
            self._pair((chain, str(body["call_id"])), name, kind, body)

    def _pair(self, key: tuple[str, str], name: str, kind: bytes, body: dict[str, Any]) -> None:
        if kind == b"call.proposed":
            self._propose(key, name, str(body.get("tool")))
        elif key not in self._attempts:
            self._report.problem(f"{name}: {_text(kind)} of call {key[1]}, which was never proposed")
        elif kind == b"call.intent":
            self._attempts[key].intended = True
        elif kind == b"call.refused":
            self._end(self._attempts[key], name, "refused")
        elif kind == b"call.outcome":
            self._end(self._attempts[key], name, str(body.get("status")))

    def _propose(self, key: tuple[str, str], name: str, tool: str) -> None:
        if key in self._attempts:
            self._report.problem(f"{name}: call {key[1]} was proposed twice")
            return
        self._attempts[key] = Attempt(*key, tool)
        self._report.attempts.append(self._attempts[key])

    def _end(self, attempt: Attempt, name: str, outcome: str) -> None:
        if attempt.outcome not in ("open", "indeterminate"):
            self._report.problem(f"{name}: call {attempt.call_id} already ended as {attempt.outcome}")
        if outcome == "done" and not attempt.intended:
            self._report.problem(f"{name}: call {attempt.call_id} was done without a recorded intent")
        attempt.outcome = outcome


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; 0 when the ledger is sound, else 1."""
    parser = argparse.ArgumentParser(prog="ink audit verify", description="Check the hash chains of a ledger file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(argv)
    report = verify(options.file)
    if options.json:
        print(json.dumps({"ok": report.ok, **asdict(report), "outcomes": report.outcomes}, indent=1))
    else:
        _print(report)
    return 0 if report.ok else 1


def _print(report: Report) -> None:
    for attempt in report.attempts:
        print(f"{attempt.chain}  {attempt.call_id}  {attempt.tool}  {attempt.outcome}")
    for problem in report.problems:
        print(f"PROBLEM  {problem}")
    ends = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items())) or "none"
    print(f"{report.chains} chains, {report.events} events, {len(report.attempts)} attempts: {ends}")
    if report.erased:
        print(f"personal content of {report.erased} events was erased, as recorded")
    print("ledger verified" if report.ok else f"{len(report.problems)} problems: the ledger is NOT sound")


if __name__ == "__main__":
    sys.exit(main())
