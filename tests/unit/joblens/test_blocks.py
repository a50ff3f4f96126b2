"""Rows of a job as compressed columns."""

from __future__ import annotations

import pytest

from joblens.records import FileSample, JobSample
from joblens.store.blocks import pack_block, unpack_block


@pytest.mark.parametrize("row", [FileSample, JobSample])
def test_no_rows_are_a_block_too(row: type[FileSample] | type[JobSample]) -> None:
    assert unpack_block(row, 0, pack_block(row, [])) == []
