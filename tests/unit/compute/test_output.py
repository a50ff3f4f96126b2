"""Output of jobs, read as their owner while it grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.compute import output
from ink_core.compute.model import Job, JobState
from ink_core.compute.output import JobOutput, NoOutput, NotYourJob
from ink_core.errors import AgentFault
from mcp_tools.doubles import memory_job

PATH = "/home/alice/job.out"


def writing(state: JobState = JobState.RUNNING) -> Job:
    return memory_job("1.0", "alice", state).model_copy(update={"stdout": PATH})


class Growing:
    """An agent whose file is longer each time it is looked at; without a step left it stays as it is."""

    def __init__(self, *steps: bytes | None) -> None:
        self.steps = list(steps)
        self.content: bytes | None = None

    async def __call__(self, method: str, arguments: Mapping[str, JsonValue]) -> Answer:
        assert (method, arguments["path"]) == ("files.pull", PATH)
        if self.steps:
            self.content = self.steps.pop(0)
        if self.content is None:
            raise AgentFault("there is no such file", code="not_found", retryable=False)
        offset, length = cast(int, arguments["offset"]), cast(int, arguments["length"])
        piece = self.content[offset : offset + length]
        told = {"path": PATH, "offset": offset, "size": len(self.content), "modified": 0.0, "version": "1"}
        return Answer(told, piece)


def reader(agent: Growing) -> JobOutput:
    return JobOutput(InProcessAgents({AccessPoint("alice"): agent}))


@pytest.mark.requirement("CORE-JOBS-15")
async def test_output_is_followed_as_it_grows_until_the_job_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LOOK_AGAIN_S", 0)
    agent = Growing(None, b"", b"one\n", b"one\n", b"one\ntwo \xc3", b"one\ntwo \xc3\xa4\n")
    states = iter([JobState.QUEUEING, *[JobState.RUNNING] * 6])
    pieces = [
        piece
        async for piece in reader(agent).follow("alice", lambda: writing(next(states, JobState.COMPLETED)), "stdout", 0)
    ]
    assert [piece.text for piece in pieces] == ["one\n", "two ", "\u00e4\n"]
    assert [piece.next_offset for piece in pieces] == [4, 8, 11]


async def test_an_ended_job_that_wrote_nothing_where_it_should_is_told() -> None:
    with pytest.raises(NoOutput):
        _ = [piece async for piece in reader(Growing()).follow("alice", lambda: writing(JobState.FAILED), "stdout", 0)]
    with pytest.raises(NoOutput, match="no file for its stderr"):
        await reader(Growing()).read("alice", writing(), "stderr", 0, 10)


async def test_the_end_of_a_file_is_read_by_a_negative_offset() -> None:
    agent = Growing(b"0123456789")
    tail = await reader(agent).read("alice", writing(), "stdout", -4, 100)
    assert (tail.text, tail.offset, tail.next_offset, tail.size) == ("6789", 6, 10, 10)
    assert (await reader(agent).read("alice", writing(), "stdout", -400, 3)).text == "012"


async def test_the_output_of_somebody_elses_job_is_theirs() -> None:
    with pytest.raises(NotYourJob):
        await reader(Growing(b"secret")).read("bob", writing(), "stdout", 0, 10)


@given(st.text(max_size=40), st.integers(1, 7))
async def test_pieces_of_any_length_join_to_the_text(text: str, length: int) -> None:
    agent, seen, offset = Growing(text.encode()), "", 0
    while True:
        piece = await reader(agent).read("alice", writing(), "stdout", offset, max(4, length))
        seen, offset = seen + piece.text, piece.next_offset
        if offset >= piece.size:
            break
    assert seen == text
