"""Sessions of apps as programs launch them over REST, and a visitor who comes as the proxy does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2

from bench.running_manager import Client
from tests.acceptance.waiting import until

START_S = 120
OVER = ("ended", "failed", "timed_out")


def launch(client: Client, app: str, **options: Any) -> str:
    answer = client.http.post("/api/v1/app-sessions", json={"app": app, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()["session_id"]


def session(client: Client, session_id: str) -> dict[str, Any]:
    return client.get(f"/app-sessions/{session_id}")


def ready(client: Client, session_id: str) -> dict[str, Any]:
    """The session once it is ready; fails at once, with the app's log, where it is over instead."""

    def seen() -> dict[str, Any] | None:
        now = session(client, session_id)
        assert now["state"] not in OVER, (now, client.get(f"/app-sessions/{session_id}/log")["text"])
        return now if now["state"] == "ready" else None

    return until(f"session {session_id} is ready", seen, START_S)


def stop(client: Client, session_id: str) -> dict[str, Any]:
    answer = client.http.delete(f"/api/v1/app-sessions/{session_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def through_the_door(now: Mapping[str, Any], secret: str) -> httpx2.Client:
    """As the proxy comes: to the node and port, with the session's secret, below the session's path."""
    base = f"http://127.0.0.1:{now['port']}{now['path']}"
    return httpx2.Client(base_url=base, headers={"X-Ink-App-Secret": secret}, timeout=30)
