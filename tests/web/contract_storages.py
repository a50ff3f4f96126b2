"""The contract server's storages: whole directories, bytes by range, and changes; an upload becomes a file of one."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request, Response

from tests.web.contract_files import ranged
from tests.web.contract_world import Json, Problem, World

API = "/api/v1/storages"
UserOf = Callable[[World, Request], str]


def storage_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.get(API)
    async def storages(request: Request) -> list[str]:
        user_of(world, request)
        return sorted(world.storages)

    @app.get(API + "/{storage}/entries")
    async def entries(request: Request, storage: str, path: str = "/") -> list[Json]:
        user_of(world, request)
        files = world.storages[storage]
        if path != "/" and path not in files:
            raise Problem(404, "not_found", f"{path} does not exist")
        return [_entry(files, name) for name in sorted(files) if name.rpartition("/")[0] == path.rstrip("/")]

    @app.get(API + "/{storage}/content")
    async def content(request: Request, storage: str, path: str) -> Response:
        user_of(world, request)
        return ranged(request, world.storages[storage][path] or b"", path)

    @app.post(API + "/{storage}/files", status_code=201)
    async def put(request: Request, storage: str, body: Json) -> Json:
        user_of(world, request)
        files, upload = world.storages[storage], world.uploads[body["upload_id"]]
        if body["path"] in files and not body["overwrite"]:
            raise Problem(409, "conflict", f"{body['path']} exists; nothing was written.")
        keys = world.put_keys
        keys.append(request.headers["idempotency-key"])
        if len(keys) <= world.slow_puts:
            raise Problem(409, "still_running", "put_on_storage is still running")
        assert len(upload["data"]) == upload["size"]
        files[body["path"]] = upload["data"]
        return _entry(files, body["path"])

    @app.post(API + "/{storage}/directories", status_code=201)
    async def make(request: Request, storage: str, body: Json) -> Json:
        user_of(world, request)
        world.storages[storage][body["path"]] = None
        return _entry(world.storages[storage], body["path"])

    @app.post(API + "/{storage}/rename")
    async def rename(request: Request, storage: str, body: Json) -> Json:
        user_of(world, request)
        files = world.storages[storage]
        if body["target"] in files:
            raise Problem(409, "conflict", f"{body['target']} exists; nothing was renamed")
        files[body["target"]] = files.pop(body["source"])
        return _entry(files, body["target"])

    @app.delete(API + "/{storage}/entries", status_code=204)
    async def remove(request: Request, storage: str, path: str) -> Response:
        user_of(world, request)
        files = world.storages[storage]
        if any(name.startswith(f"{path}/") for name in files):
            raise Problem(409, "directory_not_empty", f"{path} is not empty; nothing was removed")
        del files[path]
        return Response(status_code=204)


def _entry(files: dict[str, bytes | None], path: str) -> Json:
    data = files[path]
    kind, size = ("directory", 4096) if data is None else ("file", len(data))
    return {"name": path.rpartition("/")[2], "path": path, "kind": kind, "size": size, "modified": 1.75e9 + size}
