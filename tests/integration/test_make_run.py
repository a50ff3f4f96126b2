"""`make run` where something is in its way; the whole way of a good start is in `tests/acceptance`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not shutil.which("npm"), reason="npm is missing, which builds the page"),
]


def make_run(data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"INK_DATA_DIR": str(data), "COLUMNS": "300"} | environment
    return subprocess.run(
        ["make", "run"], cwd=ROOT, env=given, capture_output=True, text=True, timeout=220, check=False
    )


@pytest.mark.requirement("SETUP-RUN-03", "SETUP-RUN-04")
def test_a_port_in_use_is_told_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = make_run(data, INK_SERVER__PORT=str(port))
    assert result.returncode != 0
    assert f"port {port} on 127.0.0.1 is in use" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert not data.exists()
