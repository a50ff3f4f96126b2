"""Tool calls over REST: reading on in a result that is too large to be fetched at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.security.application import application, client, signed_in


@pytest.mark.requirement("AGENT-LOOP-07")
async def test_a_result_is_read_piece_by_piece_by_its_own_user_only(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice, bob = await signed_in(app, "alice"), await signed_in(app, "bob")
        asked = {"tool": "search_documentation", "arguments": {"query": "agent job cluster worker", "limit": 20}}
        call = (await http.post("/api/v1/calls", json=asked, headers=alice)).json()
        passages = call["result"]["passages"]
        route, seen, offset = f"/api/v1/calls/{call['call_id']}/result", list[str](), 0
        while offset is not None:
            of = {"pointer": "/passages", "offset": offset, "most_bytes": 100_000}
            piece = (await http.get(route, params=of, headers=alice)).json()
            seen += [passage["title"] for passage in piece["value"]]
            offset = piece["next_offset"]
        assert seen == [passage["title"] for passage in passages] and len(seen) > 3
        small = await http.get(route, params={"pointer": "/passages/0/text", "most_bytes": 2_000}, headers=alice)
        assert passages[0]["text"].startswith(small.json()["value"]) and len(small.content) < 2_100
        for params, status, code in (
            ({"pointer": "/nothing"}, 404, "nothing_there"),
            ({"pointer": "passages"}, 422, "bad_input"),
            ({"most_bytes": 10**9}, 422, "bad_input"),
            ({"offset": -1}, 422, "bad_input"),
        ):
            answer = await http.get(route, params=params, headers=alice)
            assert (answer.status_code, answer.json()["code"]) == (status, code), params
        assert (await http.get(route, headers=bob)).status_code == 404
