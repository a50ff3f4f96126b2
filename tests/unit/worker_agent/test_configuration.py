"""The configuration is read once, from where it cannot be seen by others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worker_agent.configuration import BadConfig, read_config

GOOD = {
    "manager_url": "wss://ink.example/agents/connect",
    "worker_id": "w-0123456789ab",
    "secret": "s3cret",
    "place": "execute",
    "workspace": "/data/alice",
}


def write(path: Path, value: object, mode: int = 0o600) -> str:
    path.write_text(json.dumps(value))
    path.chmod(mode)
    return str(path)


def test_a_private_file_is_read(tmp_path: Path) -> None:
    config = read_config(write(tmp_path / "config", GOOD))
    assert (config.workspace, config.secret) == ("/data/alice", "s3cret")
    assert "s3cret" not in repr(config)


@pytest.mark.requirement("WORKER-AUTH-02")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(BadConfig, match="chmod 600"):
        read_config(write(tmp_path / "config", GOOD, mode))


@pytest.mark.parametrize("value", [[], {}, {**GOOD, "worker_id": "me"}, {**GOOD, "manager_url": "https://x"}])
def test_a_configuration_that_does_not_fit_is_refused_without_its_values(tmp_path: Path, value: object) -> None:
    with pytest.raises(BadConfig) as refused:
        read_config(write(tmp_path / "config", value))
    assert "s3cret" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="nothing-here"):
        read_config(str(tmp_path / "nothing-here"))
