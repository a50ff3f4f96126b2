"""What the routes of JobLens need, carried on the application's state, and who may call them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Path
from starlette.requests import HTTPConnection

from ink_core.api.security import requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from joblens.query.lens import Lens
from joblens.records import JobKey

Reader = Annotated[Principal, requires(Scope.JOBS_READ)]
Node = Annotated[Principal, requires(Scope.LENS_WRITE)]
"""A collector on a node: its token can report and learn of captures, and nothing else."""


class JobLensOff(NotFound):
    """`joblens.enabled` is false: this site measures no jobs."""

    code = "joblens_off"


def install_lens(app: FastAPI, lens: Lens | None) -> None:
    app.state.joblens = lens


async def lens_of(connection: HTTPConnection) -> Lens:
    lens: Lens | None = connection.app.state.joblens
    if lens is None:
        raise JobLensOff("JobLens is switched off at this site")
    return lens


LensParts = Annotated[Lens, Depends(lens_of)]


async def job_key(cluster: Annotated[str, Path(max_length=64)], job: Annotated[str, Path(max_length=255)]) -> JobKey:
    return JobKey(cluster, job)


Key = Annotated[JobKey, Depends(job_key)]
