"""Reads a session's server-sent events, as a program with the user's cookie does."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any

import httpx2


def durable_events(url: str, cookies: Mapping[str, str], session_id: str, last_seq: int) -> list[dict[str, Any]]:
    """All durable events up to `last_seq`."""
    events: list[dict[str, Any]] = []
    with httpx2.Client(base_url=url, cookies=dict(cookies), timeout=20) as http:
        for kind, data in follow(http, session_id):
            if "seq" in data:
                events.append({"kind": kind, **data})
            if data.get("seq") == last_seq:
                return events
    raise AssertionError(f"the stream of {session_id} ended before #{last_seq}")


def turn_events(http: httpx2.Client, session_id: str) -> list[dict[str, Any]]:
    """Durable events until the turn ends. A reader that is sent away comes back with the last number it saw."""
    events: list[dict[str, Any]] = []
    while True:
        for kind, data in follow(http, session_id, events[-1]["seq"] if events else 0):
            if "seq" in data:
                events.append({"kind": kind, **data})
            if kind == "turn.ended":
                return events


def follow(http: httpx2.Client, session_id: str, after: int = 0) -> Generator[tuple[str, dict[str, Any]]]:
    """Kind and data of every event, durable or live, until the connection ends or its read deadline passes."""
    kind = ""
    with http.stream("GET", f"/api/v1/sessions/{session_id}/stream", params={"after": after}) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)
