"""The Python client against the embedded product: submit, follow, fetch the output, in both its kinds."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ink_client import InkProblem, afollow, apages, checked, connect, follow, pages
from ink_client.rest.api.files import create_file, download_file
from ink_client.rest.api.jobs import get_job, get_jobs, read_output, submit_jobs
from ink_client.rest.client import AuthenticatedClient
from ink_client.rest.models import JobState, NewFile, NewJobs
from tests.acceptance.embedded import Embedded, running_embedded

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.xdist_group("python-client")]
ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/how-to/python-client.md"
SCOPES = ("jobs:read", "jobs:submit", "files:read", "files:write")
SCRIPT = "#!/bin/sh\necho hello $1 | tee $1.txt\n"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("python-client")) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def token_file(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scopes = (word for scope in SCOPES for word in ("--scope", scope))
    code, token = embedded.ink("token", "create", "alice", "--name", "client", *scopes)
    assert code == 0, token
    file = tmp_path_factory.mktemp("home") / "token"
    file.touch(0o600)
    file.write_text(token)
    return file


@pytest.fixture
def client(embedded: Embedded, token_file: Path) -> AuthenticatedClient:
    return connect(environment={"INK_URL": embedded.url, "INK_TOKEN_FILE": str(token_file)})


def new_job(name: str) -> NewJobs:
    return NewJobs(script="hello.sh", arguments=[name], stdout=f"{name}.out")


def test_a_program_submits_follows_and_fetches(client: AuthenticatedClient) -> None:
    with client:
        checked(create_file.sync(client=client, body=NewFile(path="hello.sh", text=SCRIPT, overwrite=True)))
        made = checked(submit_jobs.sync(client=client, body=new_job("sync"), idempotency_key="sync-1"))
        again = checked(submit_jobs.sync(client=client, body=new_job("sync"), idempotency_key="sync-1"))
        assert again == made
        (job_id,) = made.job_ids
        events = list(follow(client, f"/api/v1/jobs/{made.cluster}/{job_id}/output/stream"))
        assert "".join(event.data["text"] for event in events if event.name == "output") == "hello sync\n"
        assert (events[-1].name, events[-1].data["state"]) == ("end", "COMPLETED")
        assert checked(get_job.sync(made.cluster, job_id, client=client)).state is JobState.COMPLETED
        assert checked(read_output.sync(made.cluster, job_id, client=client)).text == "hello sync\n"
        assert checked(download_file.sync(client=client, path="sync.txt")).payload.read() == b"hello sync\n"
        assert job_id in {job.job_id for page in pages(get_jobs.sync, client=client, limit=1) for job in page.jobs}


def test_an_asynchronous_program_does_the_same(client: AuthenticatedClient) -> None:
    """On a thread of its own: the package's browser has a loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asynchronous_program(client)).result()


async def asynchronous_program(client: AuthenticatedClient) -> None:
    async with client:
        checked(await create_file.asyncio(client=client, body=NewFile(path="hello.sh", text=SCRIPT, overwrite=True)))
        made = checked(await submit_jobs.asyncio(client=client, body=new_job("async")))
        (job_id,) = made.job_ids
        events = [event async for event in afollow(client, f"/api/v1/jobs/{made.cluster}/{job_id}/output/stream")]
        assert "".join(event.data["text"] for event in events if event.name == "output") == "hello async\n"
        assert checked(await get_job.asyncio(made.cluster, job_id, client=client)).state is JobState.COMPLETED
        assert checked(await download_file.asyncio(client=client, path="async.txt")).payload.read() == b"hello async\n"
        listed = [job.job_id async for page in apages(get_jobs.asyncio, client=client, limit=1) for job in page.jobs]
        assert job_id in listed


def test_the_program_of_the_guide_runs_as_it_stands(embedded: Embedded, token_file: Path) -> None:
    program = GUIDE.read_text().split("```python\n")[1].split("```")[0]
    client = {"INK_URL": embedded.url, "INK_TOKEN_FILE": str(token_file), "PYTHONPATH": str(ROOT / "clients/python")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **client},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mass 12\nmass 12\n")


def test_what_went_wrong_is_an_exception_with_the_stable_code(client: AuthenticatedClient) -> None:
    with client:
        with pytest.raises(InkProblem) as problem:
            checked(get_job.sync("local", "999999", client=client))
        assert (problem.value.code, problem.value.status, problem.value.retryable) == ("job_not_found", 404, False)
        with pytest.raises(InkProblem, match="job_not_found"):
            list(follow(client, "/api/v1/jobs/local/999999/output/stream"))
