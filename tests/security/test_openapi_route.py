"""The OpenAPI document over HTTP is for who is signed in, and is the one that is kept."""

from __future__ import annotations

from pathlib import Path

import orjson

from tests.security.application import application, client, signed_in

KEPT = Path(__file__).parents[2] / "docs/reference/openapi.json"


async def test_the_document_is_read_by_who_is_signed_in_only(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        assert (await http.get("/api/v1/openapi.json")).status_code == 401
        answer = await http.get("/api/v1/openapi.json", headers=await signed_in(app, "alice"))
    assert answer.json() == orjson.loads(KEPT.read_bytes())
