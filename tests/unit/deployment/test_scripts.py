"""The scripts of a deployment say in one sentence what is missing, and do nothing then."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from deploy.render.compose import compose
from deploy.render.engine import arguments
from deploy.render.layers import choose
from deploy.render.output import render

ROOT = Path(__file__).parents[3]
NO_ENGINE = {"INK_ENGINE": "no-such-engine"}


def run(*argv: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv, env=os.environ | variables, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )


@pytest.mark.requirement("DEPLOY-ONE-01")
def test_without_an_engine_one_sentence_says_so(tmp_path: Path) -> None:
    render(choose(), tmp_path / "out")
    commands: list[list[str | Path]] = [
        [tmp_path / "out" / "stack", "up"],
        [ROOT / "deploy" / "install.sh", "--output-dir", tmp_path / "other"],
        [ROOT / "deploy" / "images" / "build.sh"],
    ]
    for argv in commands:
        done = run(*argv, **NO_ENGINE)
        assert done.returncode == 1
        assert done.stderr.startswith("ink: a container engine is needed, podman or docker, and none was found")
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "other").exists()


def test_an_upgrade_runs_while_no_manager_does_and_starts_it_afterwards(tmp_path: Path) -> None:
    render(choose(), tmp_path / "out")
    engine, told = tmp_path / "engine", tmp_path / "told"
    engine.write_text(f'#!/bin/sh\necho "$*" >>{told}\n', encoding="utf-8")  # says yes to everything
    engine.chmod(0o755)
    done = run(tmp_path / "out" / "stack", "upgrade", INK_ENGINE=str(engine))
    assert done.returncode == 0, done.stderr
    calls = told.read_text("utf-8").splitlines()
    stopped = calls.index("stop ink-manager")
    upgraded = next(
        place for place, call in enumerate(calls) if " ink upgrade --config /etc/ink/ink.yaml --backup " in call
    )
    started = next(place for place, call in enumerate(calls) if " ink serve " in call)
    assert stopped < upgraded < started
    assert "--restart=no" in calls[upgraded] and "--restart=always" not in calls[upgraded]
    assert f"--volume={tmp_path}/out/secrets/manager:/run/secrets/ink:ro" in calls[upgraded].split()


def test_a_folder_that_was_not_rendered_is_no_deployment(tmp_path: Path) -> None:
    (tmp_path / "stack").write_bytes((ROOT / "deploy" / "compose" / "stack").read_bytes())
    done = run("bash", tmp_path / "stack", "up")
    assert done.returncode == 1
    assert "holds no rendered deployment" in done.stderr


@pytest.mark.requirement("DEPLOY-ONE-02")
def test_the_engine_is_told_all_that_a_service_is_bound_to() -> None:
    services = compose(choose().deployment)["services"]
    told = arguments("ink", services["spawner"])
    bound = """--user=0:0 --read-only --cap-drop=ALL --cap-add=SETUID --security-opt=no-new-privileges --restart=always
        --network=ink_inside --ip=10.89.42.6 --memory=2048m --pids-limit=4096 --ulimit=nofile=16384:16384
        --volume=ink_homes:/home --volume=./accounts:/var/lib/extrausers:ro --log-opt=max-size=10m
        --add-host=manager:10.89.42.4"""
    assert set(bound.split()) <= set(told)
    image = told.index("localhost/ink-harness:latest")
    assert told[image + 1 :] == services["spawner"]["command"]
    assert all(one.startswith("--") for one in told[:image])
