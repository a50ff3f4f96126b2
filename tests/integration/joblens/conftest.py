"""Job trees under a starter of their own, for the tests of a running collector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.job_trees import RealTrees


@pytest.fixture
def trees(tmp_path: Path) -> Iterator[RealTrees]:
    (tmp_path / "job").mkdir()
    trees = RealTrees(tmp_path / "job")
    yield trees
    trees.close()
