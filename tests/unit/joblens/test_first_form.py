"""What was written before there were waits is still read, and has 0 of them."""

from __future__ import annotations

from base64 import b64decode

from joblens.records import COUNTERS, JobKey, JobSample
from joblens.store import wire
from joblens.store.blocks import unpack_block
from joblens.store.fold_codec import unpack_fold

KEY = JobKey("htcondor", "172.0")
BATCH = b64decode(
    "SkxCAXgBY2BguBKtlJefkmqopGOuY2huZmJobGJpaKRnZKpjqGego5RUkKakEx2rU62UlZ9UrGQVbagTHa2UUZKcn5eSXxSTZ2hupGegFKuDEANzIEaC"
    "hBNzMpNTwWJFpXl6xRlgJpSIjdVRKk7MLchJxW0ySE1uYlE2bhVAS4pLEotK4IbWxjIQAC+YURUIQrkKbSKrKlzYUCWReP/RAExqwoXjYH2MUAEmKA2z"
    "hgXKZ4XSMBvYoXwOKM0JpbmgNDeU5oHSvFCaD0rzQ2kBKA3zhxCUj04lPBZDFwLzASexWT8="
)
BLOCK = b64decode(
    "eJxjYGAQjY5WyihJzs9LyS+KyTM0N9IzUIqNZYCCCReOr6pwYWNghPKZoDQzlGaB0qxQmg1Ks0NpDijNCaW5oDQ3lOaB0rxQmg9K80NpASgtCKWFGFAB"
    "ADvKCys="
)
FOLD = b64decode(
    "eJx9zsEKwjAQBNB/6XksmWSbtv7KspQK8RQ8GD2I+O9dc/PiZWFg5rF6e9YKgnMWJlkZxzhBfyMRkSCYkDFjwQoG0EcRTKCA3slugAuue23FoOHPzPAe"
    "7q1tl9ejtOGsHKWcgiN+8xdUZfKW0sw+ne92fzbYAYnqKuQ="
)
SAMPLE = JobSample._make((KEY, 1764134912.25, *range(1, 14), 0, 0, *range(14, 19), False))


def test_a_batch() -> None:
    batch = wire.decode(BATCH)
    assert (batch.samples, batch.jobs[0].user, len(batch.marks)) == ([SAMPLE], "alice", 1)
    assert wire.encode(batch) == BATCH


def test_a_block() -> None:
    assert unpack_block(JobSample, 1, BLOCK) == [SAMPLE]


def test_a_running_summary() -> None:
    fold = unpack_fold(KEY, "node1", FOLD)
    assert fold.last == SAMPLE
    totals = dict(zip(COUNTERS, fold.totals, strict=True))
    assert (totals["cpu_ns"], totals["involuntary_switches"]) == (0 + 1, 12 + 13)
    assert (totals["cpu_wait_ms"], totals["io_wait_ms"]) == (0, 0)
