"""The contract server's output of jobs: files of the workspace, read by the job's owner alone."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from tests.web.contract_world import Json, Problem, World, now, stamp


def output_routes(app: FastAPI, world: World, user: Callable[[World, Request], str]) -> None:
    @app.get("/api/v1/jobs/{cluster}/{job_id}/output")
    async def output(request: Request, job_id: str, stream: str = "stdout", offset: int = 0) -> Json:
        asker, job = user(world, request), world.job(job_id)
        if job is None:
            raise Problem(404, "job_not_found", f"There is no job {job_id}.")
        if job["owner"] != asker:
            raise Problem(403, "not_your_job", f"job {job_id} is one of {job['owner']}; its output is theirs")
        if (text := world.files.get(job[stream])) is None:
            raise Problem(404, "no_output", f"{job[stream]} is not there (yet)")
        data = text.encode()
        begin = max(0, len(data) + offset) if offset < 0 else offset
        shown = {"path": job[stream], "offset": begin, "next_offset": len(data), "size": len(data)}
        return {**shown, "text": data[begin:].decode(), "state": job["state"], "observed_at": stamp(now())}
