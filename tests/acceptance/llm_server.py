"""A language model as a server of its own that fails as it is asked to: the scripted double, in a process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from bench.running_manager import ROOT, free_port
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedReply


@contextmanager
def llm_server(folder: Path, replies: Sequence[ScriptedReply]) -> Iterator[str]:
    """Its base URL."""
    script = folder / "replies.json"
    script.write_text(json.dumps([reply.model_dump() for reply in replies]))
    port = free_port()
    argv = [sys.executable, "-m", "tests.doubles.scripted_openai", "--port", str(port), "--script", str(script)]
    process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=1) as http:
            until("the model's server answers", lambda: _answers(http), 120)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(60)


def model_settings(base_url: str, timeout_s: float) -> dict[str, Any]:
    return {"name": "scripted", "base_url": base_url, "model": "scripted", "trust": "site", "timeout_s": timeout_s}


def _answers(http: httpx2.Client) -> bool:
    try:
        return http.get("/v1/models").status_code == 200
    except httpx2.HTTPError:
        return False
