"""Fixture tools that take long, so that they are tasks for a client that knows these."""

from __future__ import annotations

import asyncio

from pydantic import Field

from bench.conformance.asking import asked, one
from bench.conformance.fixtures import Content, Nothing, fixture, text
from mcp_tools.conversation import conversation
from mcp_tools.server.task_wire import NEEDED
from mcp_tools.spec import ToolValue


class Greeted(ToolValue):
    name: str = Field(max_length=100)


class Computed(ToolValue):
    seconds: float = Field(ge=0, le=80)
    label: str = Field(default="", max_length=100)


class Named(ToolValue):
    filename: str = Field(max_length=100)


async def greet(given: Greeted) -> Content:
    return text(f"Hello, {given.name}!")


async def slow_compute(given: Computed) -> Content:
    conversation().takes_long()
    await asyncio.sleep(given.seconds)
    return text(f"computed {given.label} in {given.seconds:g} s")


async def failing_job(_: Nothing) -> Content:
    conversation().require(NEEDED)
    conversation().takes_long()
    return text("the job failed", is_error=True)


async def protocol_error_job(_: Nothing) -> Content:
    conversation().takes_long()
    raise RuntimeError("this job breaks, as it should")


async def confirm_delete(given: Named) -> Content:
    conversation().takes_long()
    return text(await asked({"confirm": one(f"Delete {given.filename}?", "confirm", "boolean")}))


async def multi_input(_: Nothing) -> Content:
    conversation().takes_long()
    return text(await asked({"first": one("Your first word?", "word"), "second": one("Your second word?", "word")}))


async def named_task(_: Nothing) -> Content:
    conversation().require(NEEDED)
    said = await asked({"user_name": one("What is your name?", "name")})
    conversation().takes_long()
    return text(said)


LONG = (
    fixture("greet", "Greets at once.", greet, Greeted),
    fixture("slow_compute", "Computes for some seconds.", slow_compute, Computed),
    fixture("failing_job", "Runs as a task and meets an error.", failing_job),
    fixture("protocol_error_job", "Runs as a task and breaks.", protocol_error_job),
    fixture("confirm_delete", "Runs as a task and asks for a confirmation.", confirm_delete, Named),
    fixture("multi_input", "Runs as a task and asks two things at once.", multi_input),
    fixture("test_tool_with_task", "Asks for a name, and goes on as a task.", named_task),
)
