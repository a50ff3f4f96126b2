"""Documents by id, which the server answers as they are now, and changes in bulk, whose errors are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from joblens.errors import StoreAway
from joblens.store.opensearch.client import Client
from joblens.store.opensearch.documents import Json, chunks
from joblens.store.opensearch.indices import Indices

MAX_AT_ONCE = 200
CONFLICT = 409
_GONE = 404


class Documents:
    def __init__(self, client: Client, indices: Indices) -> None:
        self.client, self.indices = client, indices

    def get(self, index: str, ids: Collection[str]) -> dict[str, Json]:
        """Those that there are, by id, with their versions."""
        found: dict[str, Json] = {}
        for some in chunks(list(ids), MAX_AT_ONCE):
            answer = self.client.ask("POST", f"/{self.indices.own(index)}/_mget", {"ids": some})
            found |= {each["_id"]: each for each in answer["docs"] if each.get("found")}
        return found

    def change(self, actions: Sequence[tuple[Json, Json | None]]) -> list[bool]:
        """Which were done and which met a newer version, or were there already. Raises `StoreAway` for any other
        error: what was done stays, and the same change may be asked for again."""
        answers = self.client.bulk(actions)
        for each in answers:
            if each["status"] >= 300 and each["status"] not in (CONFLICT, _GONE):
                error = each.get("error", {})
                raise StoreAway(f"OpenSearch did not keep a document: {error.get('type')}: {error.get('reason')}")
        return [each["status"] < 300 for each in answers]

    def search(self, index: str, body: Json) -> Json:
        """Over what is written by now: the index is refreshed first, which costs little when little has changed."""
        self.client.ask("POST", f"/{self.indices.own(index)}/_refresh")
        return self.client.ask("POST", f"/{self.indices.own(index)}/_search", body)

    def put(self, index: str, document_id: str, document: Any) -> tuple[Json, Json | None]:
        """The action that writes it, whatever is there."""
        return {"index": {"_index": self.indices.own(index), "_id": document_id}}, document

    def remove(self, index: str, document_id: str) -> tuple[Json, Json | None]:
        return {"delete": {"_index": self.indices.own(index), "_id": document_id}}, None
