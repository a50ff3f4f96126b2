"""The program of a foreign MCP server runs as the manager's user and reaches nothing of the manager."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from audit.memory import MemoryLedger
from ink_core.errors import CannotServe
from ink_core.settings import load_settings
from manager.foreign import open_foreign
from mcp_tools.catalogue import default_catalogue
from mcp_tools.client.confined import landlock_version
from mcp_tools.client.program import Program

pytestmark = pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock: no program is started")

PROBE = """
import json, os, socket, sys
parent, secret = int(sys.argv[1]), sys.argv[2]
tried = {
    "its own file": lambda: open("kept.txt", "w").write("x"),
    "the system's files": lambda: open("/usr/bin/env", "rb").read(4),
    "a file of the manager": lambda: open(secret).read(),
    "a file beside it": lambda: open(os.path.dirname(secret) + "/new", "w"),
    "a folder of the manager": lambda: os.listdir(os.path.dirname(secret)),
    "the variables of the manager": lambda: open(f"/proc/{parent}/environ").read(),
    "the memory of the manager": lambda: open(f"/proc/{parent}/mem", "rb"),
    "a Unix socket": lambda: socket.socket(socket.AF_UNIX),
    "the network": lambda: socket.socket().close(),
    "more rights": lambda: os.chown("kept.txt", 1, 1),
}
done = []
for what, attempt in tried.items():
    try:
        attempt()
        done.append(what)
    except OSError:
        pass
print(json.dumps(done))
"""


@pytest.mark.requirement("MCP-CLIENT-01")
def test_it_reaches_its_own_directory_the_system_and_the_network(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    home.mkdir()
    data.mkdir()
    secret = data / "signing.key"
    secret.write_text("secret")
    python = Path(sys.base_prefix) / "bin" / "python3"
    script = (str(python), "-I", "-c", PROBE, str(os.getpid()), str(secret))
    program = Program(script, home, (Path(sys.base_prefix),))
    ran = subprocess.run(
        program.argv, env=program.variables, cwd=home, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(ran.stdout) == ["its own file", "the system's files", "the network"]


@pytest.mark.requirement("MCP-CLIENT-01")
def test_a_program_that_could_read_the_data_directory_is_no_setting(tmp_path: Path) -> None:
    server = {"name": "calc", "command": ["/bin/true"], "reads": [str(tmp_path)], "trust": "site"}
    environment = {"INK_DATA_DIR": str(tmp_path / "data"), "INK_MCP__SERVERS": json.dumps([server])}
    settings = load_settings(environment=environment)
    with pytest.raises(CannotServe, match="could read the data directory"):
        open_foreign(settings, default_catalogue(), MemoryLedger())


@pytest.mark.requirement("MCP-CLIENT-01")
def test_secrets_of_a_program_are_in_none_of_its_arguments(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("hunter2hunter2")
    program = Program(["/bin/true"], tmp_path, (), {"KEY": key.read_text()})
    assert not [word for word in program.argv if "hunter2" in word]
    assert program.variables["KEY"] == "hunter2hunter2"
