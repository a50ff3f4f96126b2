"""The whole conversation: lines from a person, answers of the agent, and the commands that begin with a slash."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from rich.console import Console

from ink_core.errors import BadInput, InkError
from manager.chat.conversations import Conversations, Event
from manager.chat.decisions import WORDS, Decision, Person, Waiting
from manager.chat.screen import Screen
from manager.chat.told import Said, Tone, request_told, told
from manager.chat.turn import Turn
from mcp_tools.readable import one_line

SCOPE = "approvals:decide"
SHOWN_OF_BEFORE = 20
SHOWN_SESSIONS = 15
HELP = """\
/new [TITLE]     another conversation          /sessions        yours, the latest first
/session ID      go on with that one           /model NAME      another model for this one
/plan on|off     the agent only reads meanwhile
/approvals       what waits for a decision     /approve N, /reject N WHY, /withdraw N WHY
/help            this                          /quit            leave (Ctrl-D, too)
Ctrl-C stops an answer."""


@dataclass(frozen=True)
class Beginning:
    """With which conversation: the one that is named, or (`latest`) the one used last, else a new one."""

    session: str | None = None
    latest: bool = False
    worker: str | None = None


class Talk:
    def __init__(self, manager: Conversations, console: Console) -> None:
        self._manager = manager
        self._screen = Screen(console)
        self._person = Person("", may_decide=False)
        self._session = ""
        self._waiting = Waiting(self._person, "")
        self.over = False
        self._commands: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "new": self._new,
            "sessions": self._list,
            "session": self._go_to,
            "model": self._model,
            "plan": self._plan,
            "approvals": self._approvals,
            **{word: partial(self._decide, word) for word in WORDS},
            "help": self._help,
            "quit": self._quit,
        }

    async def begin(self, how: Beginning) -> None:
        me = await self._manager.get("/me")
        self._person = Person(me["username"], SCOPE in me["scopes"])
        if session := how.session or (await self._latest() if how.latest else None):
            await self._go_to(session)
            return
        await self._open("", how.worker)
        model, trust = one_line(me["model"]["name"]), me["model"]["trust"]
        hint = "; /help says what else can be typed" if sys.stdin.isatty() else ""
        self._say("dim", f"{self._person.username} · {self._session} · {model} ({trust}){hint}")

    async def _latest(self) -> str | None:
        sessions = await self._manager.get("/sessions")
        return str(sessions[0]["session_id"]) if sessions else None

    async def say(self, text: str) -> bool:
        """One message, and its answer to the end; whether there was one."""
        posted = await self._manager.post(self._session_path("/messages"), {"text": text})
        return await self._follow(posted["seq"])

    async def take(self, line: str) -> None:
        """A message, or a command."""
        try:
            await self._take(line.strip())
        except InkError as error:
            self._say("bad", str(error))

    async def _take(self, line: str) -> None:
        if not line.startswith("/"):
            if line:
                await self.say(line)
            return
        name, _, rest = line[1:].partition(" ")
        if name not in self._commands:
            raise BadInput(f"there is no /{one_line(name)}, and a message begins with something else\n{HELP}")
        await self._commands[name](rest.strip())

    async def _follow(self, seen: int) -> bool:
        return await Turn(self._manager, self._session, self._person, self._screen, seen).follow()

    async def _open(self, title: str, worker: str | None) -> None:
        opened = await self._manager.post("/sessions", {"title": title, "worker_id": worker})
        self._session = opened["session_id"]

    # -- commands ------------------------------------------------------------------------------------------------------

    async def _new(self, title: str) -> None:
        await self._open(title, None)
        self._say("dim", f"conversation {self._session}")

    async def _list(self, _: str) -> None:
        for one in (await self._manager.get("/sessions"))[:SHOWN_SESSIONS]:
            mark = "*" if one["session_id"] == self._session else " "
            self._say("plain", f"{mark} {one['session_id']}  {one['created_at'][:16]}  {one_line(one['title'])}")

    async def _go_to(self, session: str) -> None:
        """Shows the end of what was said before; a turn that runs is followed."""
        view = await self._manager.get(f"/sessions/{quote(session, safe='')}")
        self._session = view["session_id"]
        seen = f" · seen by {', '.join(map(one_line, view['shared_with']))}" if view["shared_with"] else ""
        self._say("dim", f"{self._person.username} · {self._session} · {one_line(view['title'])}{seen}")
        before = await self._before(view["last_seq"])
        said = [one for event in before if (one := told(event))]
        for one in said[-SHOWN_OF_BEFORE:]:
            self._screen.show(one)
        if view["running"]:
            # From its beginning: what waits for a decision is asked again.
            await self._follow(max(event["seq"] for event in before if event["kind"] == "user.message"))

    async def _before(self, last: int) -> list[Event]:
        events = list[Event]()
        async for event in self._manager.follow(self._session, 0):
            if "seq" in event:
                events.append(event)
            if event.get("seq", 0) >= last:
                break
        return events

    async def _model(self, name: str) -> None:
        changed = await self._manager.patch(self._session_path(""), {"model": name})
        self._say("dim", f"the model of this conversation is {one_line(changed['model'])} ({changed['trust']})")

    async def _plan(self, switch: str) -> None:
        if switch not in ("on", "off"):
            raise BadInput("say /plan on, or /plan off")
        await self._manager.put(self._session_path("/plan-mode"), {"on": switch == "on"})
        self._say("dim", f"plan mode is {switch}")

    async def _approvals(self, _: str) -> None:
        """Of all conversations and sub-agents that this person may see; each gets a number to decide by."""
        self._waiting = Waiting(self._person, f"{self._manager.address}/#/approvals")
        for request in await self._manager.get("/approvals"):
            self._screen.show(request_told(request))
            self._say("ask", f"  {self._waiting.add(request)}")
        if not self._waiting:
            self._say("dim", "nothing waits")

    async def _decide(self, word: str, rest: str) -> None:
        """On one that `/approvals` has shown."""
        answer = self._waiting.read(f"{word} {rest}") if self._waiting else "say /approvals first: it shows what waits"
        if isinstance(answer, Decision):
            await self._manager.decide(answer.request, answer.verdict, answer.why)
            self._waiting.ended(answer.request["call_id"])
            self._say("good", "decided")
        else:
            self._say("ask", answer)

    async def _help(self, _: str) -> None:
        self._say("plain", HELP)

    async def _quit(self, _: str) -> None:
        self.over = True

    def _session_path(self, rest: str) -> str:
        return f"/sessions/{quote(self._session, safe='')}{rest}"

    def _say(self, tone: Tone, text: str) -> None:
        self._screen.show(Said(tone, text))
