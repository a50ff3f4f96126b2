"""Plain FastAPI on this machine, served as the manager is served: `python -m bench.rest.plain PORT [HOME JOBS]`.

Alone, `/health` and nothing around it: the yardstick. With a user's folder and a file of job rows it also lists and
sends what the manager does, as the tutorials write it, from memory and for anybody: no token, no mirror, no agent.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse


def application(home: Path | None = None, jobs: list[dict[str, Any]] | None = None) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    if home is not None and jobs is not None:
        _add_work(app, home, jobs)
    return app


def _add_work(app: FastAPI, home: Path, jobs: list[dict[str, Any]]) -> None:
    @app.get("/jobs")
    async def list_jobs() -> list[dict[str, Any]]:
        return jobs

    @app.get("/files/{folder}")
    def list_files(folder: str, limit: int) -> list[dict[str, Any]]:
        names = sorted(os.listdir(home / folder))[:limit]
        return [_entry(home / folder / name) for name in names]

    @app.get("/download/{name}")
    async def download(name: str) -> FileResponse:
        return FileResponse(home / name)


def _entry(path: Path) -> dict[str, Any]:
    status = path.stat()
    return {
        "name": path.name,
        "size": status.st_size,
        "mode": oct(status.st_mode),
        "owner": path.owner(),
        "group": path.group(),
        "modified": status.st_mtime,
    }


if __name__ == "__main__":
    port, *work = sys.argv[1:]
    served = application(Path(work[0]), json.loads(Path(work[1]).read_bytes())) if work else application()
    uvicorn.run(served, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)
