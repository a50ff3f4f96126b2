"""Taking batches: first the batch and what it changes in the list, then the host's document that says it is kept.

What stops halfway is done again when the same batch comes again, which it does: nothing was acknowledged. A host has
one writer at a time; when two meet, one of them is told that the store is away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from joblens.errors import StoreAway
from joblens.records import Batch, JobKey
from joblens.store.files import latest
from joblens.store.grouping import Rows, by_job
from joblens.store.news import KnownJobs, Told, told_of
from joblens.store.opensearch.by_id import Documents
from joblens.store.opensearch.documents import (
    HostState,
    Json,
    host_state,
    id_of,
    job_document,
    job_id,
    part_id,
    text_of,
    version_of,
    with_name,
    write_action,
)
from joblens.store.opensearch.folding import file_action, fold_tail
from joblens.store.sequences import taken
from joblens.store.texts import stored
from joblens.store.wire import encode

FOLD_BATCHES = 60
FOLD_BYTES = 4 << 20
FOLD_AGE_S = 600.0
MAX_TRIES = 10
MAX_FILES_KNOWN = 200_000

PublicForm = Callable[[Batch], Iterable[tuple[Json, Json]]]
"""The actions that write a batch in the form of the public JobLens."""


class Writer:
    def __init__(self, documents: Documents, public_form: PublicForm | None) -> None:
        self._documents, self._public_form = documents, public_form
        self._known = KnownJobs()
        self._known_files: set[str] = set()
        self._states: dict[str, HostState] = {}

    def forget(self) -> None:
        """What is known is asked anew: another writer may have changed it."""
        self._known.clear()
        self._known_files.clear()
        self._states.clear()

    def take(self, host: str, batches: Sequence[Batch]) -> None:
        """One call a host at a time. Raises `StoreAway`; then none of them counts as kept, and all may come again."""
        state = self._states.pop(host, None) or self._read(host)
        try:
            self._take(state, batches)
        except BaseException:
            self.forget()
            raise
        self._states[host] = state

    def _take(self, state: HostState, batches: Sequence[Batch]) -> None:
        if state.folding:
            self.fold(state)
        fresh = [batch for batch in batches if taken(state.kept, batch.sequence)]
        if not fresh:
            return
        encoded = [encode(batch) for batch in fresh]
        self._write_batches(fresh, encoded)
        for batch in fresh:
            self._list_jobs(batch)
        state.tail += [(batch.sequence, len(data), batch.time) for batch, data in zip(fresh, encoded, strict=True)]
        state.tail.sort()
        state.heard = max(state.heard, *(batch.time for batch in fresh))
        state.folding = _is_due(state)
        self._keep(state)
        if state.folding:
            self.fold(state)

    def _read(self, host: str) -> HostState:
        return host_state(host, self._documents.get("host", [id_of(host)]).get(id_of(host)))

    def fold(self, state: HostState) -> None:
        """The tail becomes blocks. Done again from the beginning where it stopped halfway."""
        fold_tail(self._documents, state)
        folded = [sequence for sequence, _, _ in state.tail]
        state.tail, state.folding, state.generation = [], False, state.generation + 1
        self._keep(state)
        self._documents.change([self._documents.remove("batch", id_of(state.host, number)) for number in folded])

    def _keep(self, state: HostState) -> None:
        action = write_action(self._documents.indices.own("host"), id_of(state.host), state.version)
        (answer,) = self._documents.client.bulk([(action, state.document())])
        if answer["status"] >= 300:
            raise StoreAway(f"Another writer has the batches of {state.host}, or OpenSearch refuses them.")
        state.version = version_of(answer)

    def _write_batches(self, batches: Sequence[Batch], encoded: Sequence[bytes]) -> None:
        actions = [
            self._documents.put("batch", id_of(batch.host, batch.sequence), {"data": text_of(data)})
            for batch, data in zip(batches, encoded, strict=True)
        ]
        for batch in batches:
            actions += self._new_files(batch)
            actions += self._public_form(batch) if self._public_form else ()
        self._documents.change(actions)

    def _new_files(self, batch: Batch) -> list[tuple[Json, Json | None]]:
        """Files that a job had not touched before: their figures are brought up to date with each fold."""
        found: list[tuple[Json, Json | None]] = []
        for key, rows in by_job(batch).items():
            for file in latest(rows.get("files", ())).values():
                action = file_action(self._documents, part_id(key, batch.host), file)
                if action[0]["index"]["_id"] not in self._known_files:
                    found.append(action)
        if len(self._known_files) > MAX_FILES_KNOWN:
            self._known_files.clear()
        self._known_files |= {action["index"]["_id"] for action, _ in found}
        return found

    def _list_jobs(self, batch: Batch) -> None:
        """Several hosts may change the document of one job: whoever is late reads it again."""
        waiting = self._known.changed(batch.host, by_job(batch))
        for _ in range(MAX_TRIES):
            if not waiting:
                return
            waiting = self._try_to_list(batch, waiting)
        raise StoreAway(f"The list of jobs changes too fast to take a batch of {batch.host}.")

    def _try_to_list(self, batch: Batch, jobs: dict[JobKey, Rows]) -> dict[JobKey, Rows]:
        found = self._documents.get("job", [job_id(key) for key in jobs])
        index = self._documents.indices.own("job")
        actions: list[tuple[Json, Json | None]] = []
        for key, rows in jobs.items():
            there = found.get(job_id(key))
            document = job_document(key) if there is None else there["_source"]
            changed = document | _changes(document, batch.host, told_of(batch, rows))
            actions.append((write_action(index, job_id(key), version_of(there)), changed))
        done = self._documents.change(actions)
        self._known.note(batch.host, {key: rows for (key, rows), ok in zip(jobs.items(), done, strict=True) if ok})
        return {key: rows for (key, rows), ok in zip(jobs.items(), done, strict=True) if not ok}


def _changes(document: Json, host: str, told: Told) -> Json:
    """What one host's news are to the document of a job."""
    elsewhere = [each for each in document["open_hosts"] if each != stored(host)]
    is_listed_only = told.sampled is None and stored(host) in document["hosts"]
    open_hosts = elsewhere if told.ended else with_name(elsewhere, host)
    if is_listed_only:  # nothing was sampled: it runs or has ended as before
        open_hosts = document["open_hosts"]
    return {
        "began": document.get("began", told.began),
        "seen": max(document["seen"], told.seen),
        "ended": not open_hosts,
        "hosts": with_name(document["hosts"], host),
        "open_hosts": open_hosts,
        "users": with_name(document["users"], told.user) if told.user else document["users"],
        "names": with_name(document["names"], told.name) if told.name else document["names"],
    }


def _is_due(state: HostState) -> bool:
    size = sum(each for _, each, _ in state.tail)
    oldest = min(time for _, _, time in state.tail)
    return len(state.tail) >= FOLD_BATCHES or size >= FOLD_BYTES or state.heard - oldest >= FOLD_AGE_S
