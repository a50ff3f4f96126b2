"""What a site may say about a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from ink_core.compute.factory import open_control, open_reader
from ink_core.compute.options import ClusterOptions, LocalOptions, SlurmOptions

ADAPTER: TypeAdapter[ClusterOptions] = TypeAdapter(ClusterOptions)


def test_the_type_tells_which_options_there_are() -> None:
    options = ADAPTER.validate_python({"type": "slurm", "name": "farm", "url": "http://slurm:6820"})
    assert isinstance(options, SlurmOptions) and options.url == "http://slurm:6820"
    with pytest.raises(ValidationError, match="directory"):
        ADAPTER.validate_python({"type": "local", "name": "here"})
    with pytest.raises(ValidationError, match="schedd"):
        ADAPTER.validate_python({"type": "slurm", "name": "farm", "schedd": "x"})
    with pytest.raises(ValidationError, match="name"):
        ADAPTER.validate_python({"type": "slurm", "name": "../x"})


def test_options_travel_as_json() -> None:
    options = LocalOptions(name="here", directory="/d", superusers=("admin",))
    assert ADAPTER.validate_json(options.model_dump_json()) == options


@pytest.mark.parametrize("kind", ["local", "htcondor", "slurm"])
def test_each_type_has_both_sides_and_opening_them_asks_nobody(kind: str, tmp_path: Path) -> None:
    more = {"directory": str(tmp_path / "queue")} if kind == "local" else {}
    options = ADAPTER.validate_python({"type": kind, "name": "farm", **more})
    assert open_reader(options).cluster == "farm"
    assert open_control(options).cluster == "farm"
