"""A batch as bytes: what goes in comes out, and what is hostile is told apart before it takes memory."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace

import pytest

from joblens.errors import BatchMalformed
from joblens.records import (
    Batch,
    ConnectionSample,
    FileSample,
    GpuSample,
    JobInfo,
    JobKey,
    JobSample,
    Level,
    Mark,
    MarkKind,
    PowerSample,
    ProcessSample,
    StackSample,
    Traffic,
)
from joblens.store import wire

KEY = JobKey("htcondor", "172.0")
SLURM = JobKey("slurm", "67890_3")


def full_batch() -> Batch:
    return Batch(
        host="node1",
        sequence=7,
        time=1764134912.25,
        interval_s=1.0,
        level=Level.BPF,
        unseen=("net",),
        jobs=[
            JobInfo(KEY, "htcondor", "node1", "alice", 1000, "run.sh", 17, 1764134900.5, schedd="s@ap", cpus=4),
            JobInfo(SLURM, "slurm", "node1", "bob", 1001, "analysis", 18, 1764134900.5, step="0", adopted=True),
        ],
        samples=[
            JobSample(KEY, 1764134912.25, *[2**62, *range(18), 2**63 - 1], final=False),
            JobSample(SLURM, 1764134912.25, 1, *range(19), final=True),
        ],
        files=[FileSample(KEY, 1764134912.25, "/data/\udc80\n\x00.root", "/", "ext4", Traffic.NETWORK, 9, 8, 7, 6)],
        processes=[ProcessSample(KEY, 1.5, 17, 1, "py", 1, 2, 3.25, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)],
        connections=[ConnectionSample(KEY, 1.5, 17, "tcp", "established", "::1", 1, "::1", 2, 3, 4, 5, 6)],
        gpus=[
            GpuSample(KEY, 1.5, 0, "GPU-1", "H100", "", 99.5, 12.125, 1, 2, 3, 4),
            GpuSample(KEY, 1.5, 0, "GPU-1", "H100", "MIG-1", None, 0.0, 1, 2, 3, 4),
        ],
        stacks=[StackSample(KEY, 1.5, 17, "py", "main;fit;\udc80", 19, 10**9)],
        power=[PowerSample(SLURM, 1.5, 1, 2)],
        marks=[Mark(KEY, 1.5, MarkKind.GAP, "the collector was away")],
    )


def test_a_batch_comes_out_as_it_went_in() -> None:
    batch = full_batch()
    assert wire.decode(wire.encode(batch)) == batch


def test_a_batch_that_came_is_kept_as_it_came_and_a_copy_with_other_rows_is_not() -> None:
    came = zlib.compress(zlib.decompress(wire.encode(full_batch())[4:]), 9)
    batch = wire.decode(b"JLB\x02" + came)
    fewer = replace(batch, samples=[])
    assert wire.encode(batch) == b"JLB\x02" + came
    assert wire.decode(wire.encode(fewer)) == fewer


def test_an_empty_batch_comes_out_as_it_went_in() -> None:
    batch = Batch("node1", 0, 0.0, 1.0, Level.PROC)
    assert wire.decode(wire.encode(batch)) == batch


def test_several_batches_make_one_body() -> None:
    encoded = [wire.encode(full_batch()), wire.encode(Batch("node1", 8, 1.0, 1.0, Level.PROC))]
    assert list(wire.split(wire.join(encoded))) == encoded


def test_a_body_that_is_cut_is_refused() -> None:
    body = wire.join([wire.encode(full_batch())])
    for end in (1, 3, 5, len(body) - 1):
        with pytest.raises(BatchMalformed, match="in the middle"):
            list(wire.split(body[:end]))


def test_a_number_that_no_column_holds_is_refused_when_written() -> None:
    batch = Batch("node1", 1, 1.0, 1.0, Level.BPF, power=[PowerSample(KEY, 1.0, 2**64, 0)])
    with pytest.raises(BatchMalformed, match="out of range"):
        wire.encode(batch)


@pytest.mark.parametrize(
    "row",
    [
        PowerSample(KEY, -1.0, 1, 1),
        PowerSample(KEY, float("nan"), 1, 1),
        PowerSample(KEY, float("inf"), 1, 1),
        PowerSample(KEY, 1e12, 1, 1),
        PowerSample(KEY, 1.0, -5, 1),
        PowerSample(JobKey("two\nlines", "1"), 1.0, 1, 1),
        PowerSample(JobKey("htcondor", ""), 1.0, 1, 1),
        Mark(KEY, 1.0, MarkKind.GAP, "t" * 9000),
    ],
)
def test_what_could_not_be_read_back_is_refused_when_written(row: PowerSample | Mark) -> None:
    batch = Batch("node1", 1, 1.0, 1.0, Level.BPF, **{"marks" if isinstance(row, Mark) else "power": [row]})  # pyright: ignore[reportArgumentType]
    with pytest.raises(BatchMalformed):
        wire.encode(batch)


def test_every_cut_is_refused_and_a_changed_bit_too_unless_it_is_padding() -> None:
    encoded, chance = wire.encode(full_batch()), random.Random(1)
    for end in range(len(encoded)):
        with pytest.raises(BatchMalformed):
            wire.decode(encoded[:end])
    for _ in range(500):
        broken = bytearray(encoded)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            assert wire.decode(bytes(broken)) == full_batch()
        except BatchMalformed:
            continue


def test_hostile_plain_bytes_raise_the_one_error() -> None:
    plain, chance = zlib.decompress(wire.encode(full_batch())[4:]), random.Random(2)
    refused = 0
    for _ in range(500):
        broken = bytearray(plain)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            wire.decode(b"JLB\x02" + zlib.compress(bytes(broken)))
        except BatchMalformed:
            refused += 1
    assert refused > 100


def test_a_newer_version_is_named() -> None:
    with pytest.raises(BatchMalformed, match="version 03"):
        wire.decode(b"JLB\x03" + wire.encode(full_batch())[4:])


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = b"JLB\x02" + zlib.compress(bytes(wire.MAX_PLAIN_BYTES + 1), 9)
    assert len(bomb) < 100_000
    with pytest.raises(BatchMalformed, match="larger than is taken"):
        wire.decode(bomb)


def test_bombs_of_one_body_are_bounded_together() -> None:
    plain = b"\x00\x00\x00\x02[]"
    halves = [b"JLB\x02" + zlib.compress(plain + bytes(wire.MAX_PLAIN_BYTES // 2 + 1), 9)] * 100
    assert len(wire.join(halves)) < 10_000_000
    with pytest.raises(BatchMalformed):
        wire.decode_body(wire.join(halves))
    many = [wire.encode(full_batch())] * 3
    assert wire.decode_body(wire.join(many)) == [full_batch()] * 3


def test_a_body_is_read_no_further_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    one = wire.encode(full_batch())
    size = len(zlib.decompress(one[4:]))
    monkeypatch.setattr(wire, "MAX_PLAIN_BYTES", 2 * size)
    assert len(wire.decode_body(wire.join([one] * 2))) == 2
    with pytest.raises(BatchMalformed, match="larger than is taken"):
        wire.decode_body(wire.join([one] * 3))


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["node1", 1, 1.0, 1.0, "bpf", []],
        ["", 1, 1.0, 1.0, "bpf", [], {}],
        ["node1", -1, 1.0, 1.0, "bpf", [], {}],
        ["node1", True, 1.0, 1.0, "bpf", [], {}],
        ["node1", 1, "now", 1.0, "bpf", [], {}],
        ["node1", 1, 1e12, 1.0, "bpf", [], {}],
        ["node1", 1, 1.0, 1.0, "magic", [], {}],
        ["node1", 1, 1.0, 1.0, "bpf", ["net"] * 17, {}],
        ["node1", 1, 1.0, 1.0, "bpf", [], {"others": [0, []]}],
        ["node1", 1, 1.0, 1.0, "bpf", [], {"samples": [2**62, []]}],
        ["node1", 1, 1.0, 1.0, "bpf", [], {"samples": []}],
        ["node1", 1, 1.0, 1.0, "bpf", [], {"samples": [0, None]}],
    ],
)
def test_a_header_that_is_none_is_refused(header: list[object]) -> None:
    text = json.dumps(header).encode()
    with pytest.raises(BatchMalformed):
        wire.decode(b"JLB\x02" + zlib.compress(len(text).to_bytes(4, "big") + text))


def test_a_header_that_is_deeper_than_the_reader_is_refused() -> None:
    text = b"[" * 100_000
    with pytest.raises(BatchMalformed):
        wire.decode(b"JLB\x02" + zlib.compress(len(text).to_bytes(4, "big") + text))
