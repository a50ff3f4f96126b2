"""The contract server's files: listings by cursor, bytes by range, changes, the trash, and uploads by tus."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request, Response

from tests.web.contract_world import Json, Problem, World, now, stamp

API = "/api/v1/files"
TUS = {"Tus-Resumable": "1.0.0"}
ROOT_KEYS: list[Json] = [
    {"tree": None, "histogram": None, "unread": "", **key}
    for key in (
        {
            "path": "events;1",
            "class_name": "TTree",
            "tree": {"entries": 10, "branches": [{"name": "pt", "type": "double"}], "more": 200},
        },
        {
            "path": "plots/mass;1",
            "class_name": "TH1D",
            "histogram": {
                "title": "Mass",
                "entries": 6.0,
                "axes": [{"bins": 3, "low": 0.0, "high": 3.0}],
                "contents": [1.0, 3.0, 2.0],
            },
        },
        {"path": "own;1", "class_name": "Own", "unread": "only the file itself describes this class"},
    )
]
UserOf = Callable[[World, Request], str]


def file_routes(app: FastAPI, world: World, user_of: UserOf) -> None:
    _reading(app, world, user_of)
    _changing(app, world, user_of)
    _uploading(app, world, user_of)


def _reading(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.get(API)
    async def listing(
        request: Request,
        path: str = ".",
        hidden: bool = False,
        sort: str = "name",
        descending: bool = False,
        cursor: int = 0,
        limit: int = 500,
    ) -> Json:
        user = user_of(world, request)
        world.listings += 1
        rows = [row for row in _rows(world, user, path) if hidden or not row["hidden"]]
        key = {"name": "name", "size": "size", "time": "modified"}[sort]
        rows.sort(key=lambda row: row[key], reverse=descending)
        rows.sort(key=lambda row: row["kind"] != "directory")
        following = str(cursor + limit) if cursor + limit < len(rows) else None
        return {"path": path, "entries": rows[cursor : cursor + limit], "total": len(rows), "next_cursor": following}

    @app.get(f"{API}/quota")
    async def quota(request: Request) -> Json:
        user_of(world, request)
        home = {"home_bytes": sum(map(len, world.files.values())), "entries": len(world.files), "complete": True}
        system = {"mount": "/home", "file_system": "ext4", "total_bytes": 2**40, "free_bytes": 2**38}
        none = {"limits": None, "said": "no quota is set on /home", "trash_bytes": 0, "staged_bytes": 0}
        return system | none | home | world.quota

    @app.get(f"{API}/content")
    async def content(request: Request, path: str) -> Response:
        user_of(world, request)
        return ranged(request, _bytes(world, path), path, world.told_sizes.get(path))

    @app.get(f"{API}/root")
    async def root(request: Request, path: str) -> Json:
        user_of(world, request)
        _bytes(world, path)
        return {"keys": ROOT_KEYS, "truncated": False}

    @app.get(f"{API}/archive")
    async def archive(request: Request, path: str, format: str) -> Response:
        user_of(world, request)
        return Response(f"{format} of {path}", headers={"Content-Disposition": "attachment"})


def ranged(request: Request, data: bytes, path: str, told_size: int | None = None) -> Response:
    """The bytes, or those of the `Range`; `told_size` is a length that is only said."""
    headers, wanted = {"Content-Disposition": "attachment"}, request.headers.get("range")
    if wanted is None:
        return Response(data, media_type="application/octet-stream", headers=headers)
    first, last = map(int, wanted.removeprefix("bytes=").split("-"))
    piece = data[first : last + 1]
    if not piece:
        raise Problem(416, "range_not_satisfiable", f"{path} has {len(data)} bytes.")
    headers["Content-Range"] = f"bytes {first}-{first + len(piece) - 1}/{told_size or len(data)}"
    return Response(piece, 206, headers, "application/octet-stream")


def _changing(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.post(f"{API}/directories", status_code=201)
    async def make_directory(request: Request, body: Json) -> Json:
        user = user_of(world, request)
        world.directories.add(body["path"])
        return _row(world, user, body["path"])

    @app.post(f"{API}/rename")
    async def rename(request: Request, body: Json) -> Json:
        user = user_of(world, request)
        if body["target"] in world.files:
            raise Problem(409, "conflict", f"{body['target']} exists; nothing was renamed.")
        world.files[body["target"]] = world.files.pop(body["source"])
        return _row(world, user, body["target"])

    @app.delete(API)
    async def delete(request: Request, path: str) -> Json:
        user_of(world, request)
        identifier = world.identifier("trash")
        kept = {
            name: world.files.pop(name) for name in list(world.files) if name == path or name.startswith(f"{path}/")
        }
        world.directories.discard(path)
        world.trash[identifier] = {"path": path, "kept": kept}
        return {"path": path, "trash_id": identifier, "expires_at": 1.9e9}

    @app.get(f"{API}/trash")
    async def trash(request: Request) -> list[Json]:
        user_of(world, request)
        times = {"kind": "file", "size": 1, "deleted_at": 1.7e9, "expires_at": 1.9e9}
        return [{"trash_id": key, "path": one["path"], **times} for key, one in world.trash.items()]

    @app.post("/api/v1/shares")
    async def share(request: Request, body: Json) -> Json:
        owner, expires = user_of(world, request), stamp(now() + timedelta(seconds=body["lifetime_s"]))
        url = f"http://ink.example/shares/{'5' * 32}.signed-{body['lifetime_s']}"
        times = {"created_at": stamp(now()), "expires_at": expires}
        made = {"share_id": "5" * 32, "owner": owner, **body, "reader": None, **times, "url": url}
        world.shares.insert(0, made)
        return made

    @app.get("/api/v1/shares")
    async def shares(request: Request) -> list[Json]:
        user = user_of(world, request)
        return [share for share in world.shares if share["owner"] == user]

    @app.get("/api/v1/shares/received")
    async def received(request: Request) -> list[Json]:
        user = user_of(world, request)
        return [share for share in world.shares if share["reader"] == user]

    @app.delete("/api/v1/shares/{share_id}", status_code=204)
    async def revoke(request: Request, share_id: str) -> Response:
        user = user_of(world, request)
        world.shares[:] = [one for one in world.shares if one["owner"] != user or one["share_id"] != share_id]
        return Response(status_code=204)

    @app.post(API + "/trash/{trash_id}/restore")
    async def restore(request: Request, trash_id: str) -> Json:
        user = user_of(world, request)
        one = world.trash.pop(trash_id)
        world.files |= one["kept"]
        return _row(world, user, one["path"])


def _uploading(app: FastAPI, world: World, user_of: UserOf) -> None:
    @app.post(f"{API}/uploads")
    async def create(request: Request) -> Response:
        user_of(world, request)
        told = _metadata(request)
        if told["path"] in world.files and told.get("overwrite") != "true":
            raise Problem(409, "conflict", f"{told['path']} exists; nothing was written.")
        identifier = hashlib.md5(told["path"].encode(), usedforsecurity=False).hexdigest()
        world.uploads[identifier] = {"path": told["path"], "size": int(request.headers["upload-length"]), "data": b""}
        return Response(status_code=201, headers={**TUS, "Location": f"{API}/uploads/{identifier}"})

    @app.head(API + "/uploads/{upload_id}")
    async def look(request: Request, upload_id: str) -> Response:
        user_of(world, request)
        return Response(headers={**TUS, "Upload-Offset": str(len(world.uploads[upload_id]["data"]))})

    @app.patch(API + "/uploads/{upload_id}")
    async def append(request: Request, upload_id: str) -> Response:
        user_of(world, request)
        upload = world.uploads[upload_id]
        data = await request.body()
        _check(request, upload, data)
        upload["data"] += data
        if len(upload["data"]) == upload["size"] and upload["path"]:
            world.files[upload["path"]] = upload["data"].decode("latin-1")
        return Response(status_code=204, headers={**TUS, "Upload-Offset": str(len(upload["data"]))})

    @app.delete(API + "/uploads/{upload_id}")
    async def abandon(request: Request, upload_id: str) -> Response:
        user_of(world, request)
        world.uploads.pop(upload_id)
        return Response(status_code=204)


def _metadata(request: Request) -> dict[str, str]:
    """A part has no path, and no metadata."""
    if request.headers.get("upload-concat") == "partial":
        return {"path": ""}
    pairs = (pair.split(" ") for pair in request.headers["upload-metadata"].split(","))
    return {name: base64.b64decode(value).decode() for name, value in pairs}


def _check(request: Request, upload: Json, data: bytes) -> None:
    if int(request.headers["upload-offset"]) != len(upload["data"]):
        raise Problem(409, "offset_mismatch", f"the upload goes on at byte {len(upload['data'])}")
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    if request.headers["upload-checksum"] != f"sha256 {digest}":
        raise Problem(460, "checksum_mismatch", "the bytes that came have another checksum", retryable=True)


def _bytes(world: World, path: str) -> bytes:
    if path not in world.files:
        raise Problem(404, "not_found", f"There is no file {path}.")
    return world.blobs.get(path) or world.files[path].encode()


def _rows(world: World, user: str, path: str) -> list[Json]:
    prefix = "" if path == "." else f"{path}/"
    inside = [name for name in (*world.files, *world.directories) if name.startswith(prefix)]
    if not inside and prefix and path not in world.directories:
        raise Problem(404, "not_found", f"There is no directory {path}.")
    names = {name[len(prefix) :].split("/")[0] for name in inside}
    return [_row(world, user, f"{prefix}{name}") for name in sorted(names)]


def _row(world: World, user: str, path: str) -> Json:
    text = world.files.get(path)
    kind = "directory" if text is None else "file"
    name = path.split("/")[-1]
    row: dict[str, Any] = {"name": name, "path": path, "kind": kind, "size": 4096 if text is None else len(text)}
    row |= {"mode": 0o644, "modified": 1.75e9 + row["size"], "owner": user, "group": "physics", "link": None}
    return {**row, "hidden": name.startswith(".")}
