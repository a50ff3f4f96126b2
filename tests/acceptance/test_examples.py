"""The examples, run as they stand: programs with a token and nothing else."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.running_manager import free_port
from tests.acceptance.embedded import Embedded, running_embedded

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
EXAMPLES = Path(__file__).parents[2] / "examples/csns-scan"
SCOPES = ("jobs:read", "jobs:submit", "jobs:manage", "files:read", "files:write")
EXPECTED = {"hydrogen": 19.2, "deuterium": 26.1, "beryllium": 88.9, "carbon": 116.3}
"""About ln(E0/E1) / xi + 1, with xi the mean logarithmic energy loss of a collision."""


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("examples")) as embedded:
        yield embedded


def run(argv: list[str | Path], url: str, token: str, folder: Path) -> str:
    """What the example prints, in a folder and with an environment of its own."""
    file = folder / "token"
    file.touch(0o600)
    file.write_text(token)
    environment = {"PATH": os.environ["PATH"], "INK_URL": url, "INK_TOKEN_FILE": str(file)}
    done = subprocess.run(argv, env=environment, cwd=folder, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "argv", [[sys.executable, "-I", EXAMPLES / "scan.py"], [EXAMPLES / "one-job.sh"]], ids=["python", "shell"]
)
@pytest.mark.parametrize("lacking", ["token", "portal"])
def test_without_a_token_or_a_portal_an_example_says_so_in_one_line(
    argv: list[str | Path], lacking: str, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    if lacking == "portal":
        file.write_text("ink_x")
    url = f"http://127.0.0.1:{free_port()}"
    environment = {"PATH": os.environ["PATH"], "INK_URL": url, "INK_TOKEN_FILE": str(file)}
    done = subprocess.run(argv, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert (str(file) if lacking == "token" else url.rpartition(":")[2]) in done.stderr


def check_scan(folder: Path) -> None:
    with (folder / "scan.csv").open(newline="") as file:
        found = {row["material"]: float(row["mean_collisions"]) for row in csv.DictReader(file)}
    assert found == {name: pytest.approx(value, rel=0.1) for name, value in EXPECTED.items()}


def token_of(embedded: Embedded) -> str:
    code, token = embedded.ink(
        "token", "create", "alice", "--name", "scan", *(w for s in SCOPES for w in ("--scope", s))
    )
    assert code == 0, token
    return token


@pytest.mark.requirement("CORE-V2-08")
def test_a_plain_python_script_scans_a_parameter_and_merges_the_output(embedded: Embedded, tmp_path: Path) -> None:
    run([sys.executable, "-I", EXAMPLES / "scan.py"], embedded.url, token_of(embedded), tmp_path)
    check_scan(tmp_path)


@pytest.mark.requirement("CORE-V2-08")
def test_a_shell_script_submits_follows_and_fetches_one_job(embedded: Embedded, tmp_path: Path) -> None:
    printed = run([EXAMPLES / "one-job.sh", "1"], embedded.url, token_of(embedded), tmp_path)
    mass, collisions = printed.splitlines()[-1].split()
    assert mass == "1" and float(collisions) == pytest.approx(EXPECTED["hydrogen"], rel=0.1)
