"""The contract server's DAGs: how far each is, from the jobs of the world that say that they are of it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request

from ink_core.compute.dag_progress import progress
from ink_core.compute.model import Job
from tests.web.contract_world import Json, Problem, World

API = "/api/v1/dags"
UserOf = Callable[[World, Request], str]


def dag_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.get(API)
    async def dags(request: Request, cluster: str) -> list[Json]:
        user = user_of(world, request)
        mine = [job for job in world.jobs if job["cluster"] == cluster and job["owner"] == user]
        return [_progress(world, name) for name in dict.fromkeys(job.get("dag") for job in mine) if name]

    @app.get(API + "/{cluster}/{dag}")
    async def one(request: Request, cluster: str, dag: str) -> Json:
        user_of(world, request)
        if not any(job.get("dag") == dag for job in world.jobs):
            raise Problem(404, "dag_not_found", f"cluster {cluster} shows no DAG {dag}")
        return _progress(world, dag)


def _progress(world: World, dag: str) -> Json:
    jobs = [Job.model_validate(job) for job in world.jobs if job.get("dag") == dag]
    return progress(jobs).model_dump(mode="json")
