"""Reading the audit over HTTP: who may, what is found, what erased content looks like, and that looking is recorded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from audit import searching
from ink_core.agents import InProcessAgents, Worker
from manager.workers.terminals import TerminalLink
from tests.security.application import application, client, signed_in
from tests.unit.workers.test_terminals import Pty
from worker_agent.protocol import TerminalClosed

ROUTES = ["events", "attempts", "sessions", "sessions/s1/events", "calls/c1"]


@dataclass
class Site:
    app: FastAPI
    alice: httpx2.AsyncClient
    admin: httpx2.AsyncClient

    async def audit(self, path: str, **query: Any) -> Any:
        answer = await self.admin.get(f"/api/v1/audit/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def all_pages(self, path: str, field: str, **query: Any) -> list[Any]:
        page = await self.audit(path, **query)
        rows = page[field]
        while page["next_cursor"]:
            page = await self.audit(path, **query, cursor=page["next_cursor"])
            rows += page[field]
        return rows

    async def calls(self, tool: str, **arguments: Any) -> Any:
        return (await self.alice.post("/api/v1/calls", json={"tool": tool, "arguments": arguments})).json()

    async def opens(self, title: str) -> str:
        return str((await self.alice.post("/api/v1/sessions", json={"title": title})).json()["session_id"])


@asynccontextmanager
async def a_site(path: Path) -> AsyncGenerator[Site]:
    async with application(path) as app, client(app) as alice, client(app) as admin:
        alice.headers.update(await signed_in(app, "alice"))
        admin.headers.update(await signed_in(app, "admin", is_admin=True))
        yield Site(app, alice, admin)


@pytest.mark.parametrize("path", ROUTES)
async def test_only_who_may_read_the_audit_reads_it(tmp_path: Path, path: str) -> None:
    async with a_site(tmp_path) as site, client(site.app) as nobody:
        assert (await nobody.get(f"/api/v1/audit/{path}")).status_code == 401
        assert (await site.alice.get(f"/api/v1/audit/{path}")).status_code == 403


@pytest.mark.requirement("AUDIT-SEARCH-01")
async def test_events_are_searched_by_person_tool_kind_and_words_the_newest_first(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        call = await site.calls("search_documentation", query="Storage Quotas")
        await site.calls("list_agents")
        of_the_call = await site.all_pages("events", "events", call_id=call["call_id"])
        assert [event["kind"] for event in of_the_call] == ["call.outcome", "call.intent", "call.proposed"]
        (proposed,) = await site.all_pages("events", "events", kind="call.proposed", actor="alice", q="storage quotas")
        assert (proposed["tool"], proposed["call_id"]) == ("search_documentation", call["call_id"])
        assert proposed["actor"] == "alice"
        assert proposed["body"]["arguments"] == {"query": "Storage Quotas"}
        tools = await site.all_pages("events", "events", kind="call.proposed", actor="alice", limit=1)
        assert [event["tool"] for event in tools] == ["list_agents", "search_documentation"]
        assert await site.all_pages("events", "events", actor="bob") == []
        later = await site.all_pages("events", "events", actor="alice", until=proposed["time"])
        assert call["call_id"] not in [event["call_id"] for event in later]


async def test_a_page_ends_early_where_too_much_was_looked_at_and_says_where_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MAX_LOOKED_AT", 2)
    async with a_site(tmp_path) as site:
        await site.opens("the first")
        await site.calls("list_agents")
        page = await site.audit("events", q="the first")
        assert page["events"] == [] and page["next_cursor"]
        (found,) = await site.all_pages("events", "events", kind="session.opened", q="the first")
        assert found["body"]["title"] == "the first"


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": "-1"}, {"limit": 0}, {"limit": 501}, {"kind": "a\0"}])
async def test_a_search_that_cannot_be_meant_is_refused(tmp_path: Path, query: dict[str, Any]) -> None:
    async with a_site(tmp_path) as site:
        answer = await site.admin.get("/api/v1/audit/events", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


async def test_conversations_are_listed_and_read_in_pages_for_a_replay(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        sessions = [await site.opens(title) for title in ("one", "two", "three")]
        await site.alice.patch(f"/api/v1/sessions/{sessions[0]}", json={"title": "renamed"})
        listed = await site.all_pages("sessions", "sessions", limit=2)
        assert [(each["title"], each["owner"], each["events"]) for each in listed] == [
            ("three", "alice", 1),
            ("two", "alice", 1),
            ("renamed", "alice", 2),
        ]
        assert listed[-1]["first"] < listed[-1]["last"]
        assert await site.all_pages("sessions", "sessions", owner="bob") == []
        first = await site.audit(f"sessions/{sessions[0]}/events", limit=1)
        second = await site.audit(f"sessions/{sessions[0]}/events", after=first["next_after"])
        assert [event["kind"] for event in first["events"] + second["events"]] == ["session.opened", "session.changed"]
        assert second["next_after"] is None


async def test_a_call_is_shown_with_its_decision_and_outcome(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        call = await site.calls("list_agents")
        shown = await site.audit(f"calls/{call['call_id']}")
        attempt = shown["attempt"]
        assert (attempt["tool"], attempt["user"], attempt["outcome"]) == ("list_agents", "alice", "done")
        assert shown["decision"]["rule"] and shown["outcome"]["status"] == "done" and shown["approval"] is None
        refused = await site.calls("no_such_tool")
        assert (await site.audit(f"calls/{refused['call_id']}"))["outcome"]["code"] == refused["error"]["code"]


async def test_attempts_are_listed_newest_first_with_how_they_ended(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        calls = [await site.calls(tool) for tool in ("list_agents", "no_such_tool", "list_agents")]
        listed = await site.all_pages("attempts", "attempts", limit=1)
        assert [each["call_id"] for each in listed] == [call["call_id"] for call in reversed(calls)]
        assert [each["outcome"] for each in listed] == ["done", "refused", "done"]
        (refused,) = await site.all_pages("attempts", "attempts", tool="no_such_tool", actor="alice")
        assert refused["detail"] == calls[1]["error"]["code"]
        assert await site.all_pages("attempts", "attempts", actor="bob") == []


async def test_the_state_of_the_ledger_says_until_when_it_is_sealed(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        await site.calls("list_agents")
        await site.app.state.platform.checkpointer.make()
        times = [event["time"] for event in await site.all_pages("events", "events")]
        state = await site.audit("verify")
        assert state["ok"] and state["sealed_until"] in times and state["witnesses"] == []


@pytest.mark.parametrize("path", ["sessions/s0/events", "calls/c0"])
async def test_what_is_not_on_record_is_not_found(tmp_path: Path, path: str) -> None:
    async with a_site(tmp_path) as site:
        assert (await site.admin.get(f"/api/v1/audit/{path}")).status_code == 404


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_erased_content_shows_as_erased_wherever_the_audit_is_read(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session = await site.opens("a secret plan")
        body = {"session_id": session, "reason": "asked to"}
        assert (await site.admin.post("/api/v1/audit/erasures", json=body)).status_code == 200
        (event,) = (await site.audit(f"sessions/{session}/events"))["events"]
        (listed,) = await site.all_pages("sessions", "sessions")
        assert event["erased"] and event["body"]["title"] == listed["title"] == "[redacted:erased]"
        found = await site.all_pages("events", "events", q="a secret plan")
        assert {event["kind"] for event in found} <= {"audit.read"}


async def test_who_looked_at_what_is_itself_on_record(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        session = await site.opens("plan")
        call = await site.calls("list_agents")
        await site.audit("events", actor="alice", q="plan")
        await site.audit("sessions")
        await site.audit(f"sessions/{session}/events")
        await site.audit(f"calls/{call['call_id']}")
        looks = await site.all_pages("events", "events", kind="audit.read")
        bodies = [event["body"] for event in reversed(looks)]
        assert [(body["by"], body["what"]) for body in bodies] == [
            ("admin", what) for what in ("events", "sessions", "session", "call")
        ]
        assert (bodies[0]["asked"]["actor"], bodies[0]["text"]) == ("alice", "plan")
        assert bodies[2]["asked"]["session"] == session and bodies[3]["asked"]["call_id"] == call["call_id"]


class Recorded:
    """A terminal of alice that printed `text`, recorded by the application's own recorder."""

    def __init__(self, site: Site, text: bytes) -> None:
        platform = site.app.state.platform
        self.recorder = platform.recorder
        agents = InProcessAgents({Worker("w-1"): Pty(text).answer})
        self.link = TerminalLink(platform.registry, agents, "w-1", "t1")

    async def ends(self) -> None:
        self.recorder.hear("w-1", TerminalClosed(terminal_id="t1", exit_code=0))
        await self.recorder.ends_are_recorded()


@pytest.mark.parametrize("path", ["terminals", "terminals/r-0123456789abcdef"])
async def test_recorded_terminals_are_for_those_who_may_read_the_audit(tmp_path: Path, path: str) -> None:
    async with a_site(tmp_path) as site, client(site.app) as nobody:
        assert (await nobody.get(f"/api/v1/audit/{path}")).status_code == 401
        assert (await site.alice.get(f"/api/v1/audit/{path}")).status_code == 403


async def test_a_terminal_is_replayed_while_it_lives_and_after_it_ended(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        terminal = Recorded(site, b"$ ls\n")
        await terminal.recorder.attend("alice", terminal.link)
        await terminal.recorder.ends_are_recorded()
        (live,) = await site.all_pages("terminals", "recordings")
        assert (live["user"], live["worker_id"], live["terminal_id"], live["state"]) == ("alice", "w-1", "t1", "live")
        await terminal.ends()
        (kept,) = await site.all_pages("terminals", "recordings", user="alice")
        assert (kept["state"], kept["end"]) == ("kept", "closed") and kept["begun"] <= kept["ended"]
        answer = await site.admin.get(f"/api/v1/audit/terminals/{kept['recording_id']}")
        header, *lines = [json.loads(line) for line in answer.text.splitlines()]
        assert header["version"] == 2 and [line[1:] for line in lines] == [["o", "$ ls\n"]]
        assert answer.headers["content-type"] == "application/x-asciicast"
        assert hashlib.sha256(answer.content).hexdigest() == kept["sha256"]
        assert await site.all_pages("terminals", "recordings", user="bob") == []
        (look,) = await site.all_pages("events", "events", kind="audit.read", q=kept["recording_id"])
        assert (look["body"]["by"], look["body"]["what"]) == ("admin", "terminal")


async def test_a_recording_that_was_changed_is_not_shown(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        terminal = Recorded(site, b"$ rm -rf /\n")
        await terminal.recorder.attend("alice", terminal.link)
        await terminal.ends()
        (file,) = (tmp_path / "terminals" / "u-alice").glob("*.cast")
        file.write_text(file.read_text().replace("rm -rf", "ls -la"))
        answer = await site.admin.get(f"/api/v1/audit/terminals/{file.stem}")
        assert (answer.status_code, answer.json()["code"]) == (409, "recording_changed")


@pytest.mark.requirement("AUDIT-REDACT-02")
async def test_what_a_user_s_terminals_printed_is_erased_with_the_rest(tmp_path: Path) -> None:
    async with a_site(tmp_path) as site:
        terminal = Recorded(site, b"personal\n")
        await terminal.recorder.attend("alice", terminal.link)
        await terminal.ends()
        answer = await site.admin.post("/api/v1/audit/erasures", json={"user": "alice", "reason": "asked to"})
        assert answer.json() == {"events": 0, "chains": 0, "recordings": 1}
        (erased,) = await site.all_pages("terminals", "recordings")
        assert erased["state"] == "erased"
        gone = await site.admin.get(f"/api/v1/audit/terminals/{erased['recording_id']}")
        assert (gone.status_code, gone.json()["code"]) == (410, "recording_gone")
        assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"personal\\n" in file.read_bytes()]


@pytest.mark.parametrize(("name", "status"), [("r-0123456789abcdef", 404), ("..%2fsigning.key", 404), ("x", 422)])
async def test_a_name_that_is_no_recording_shows_nothing(tmp_path: Path, name: str, status: int) -> None:
    async with a_site(tmp_path) as site:
        assert (await site.admin.get(f"/api/v1/audit/terminals/{name}")).status_code == status
