"""The store on a real OpenSearch behind a gateway: accounts and TLS, connections that break anywhere, outages."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bench.opensearch.server import Opensearch
from ink_core.errors import BadInput
from joblens.api.public.documents import PublicDocuments
from joblens.errors import StoreAway, StoreDamaged
from joblens.records import GpuSample
from joblens.store.opensearch import Access, OpensearchStore
from joblens.store.opensearch.client import Client
from joblens.store.opensearch.indices import Indices
from joblens.store.opensearch.writing import FOLD_BATCHES
from joblens.store.trace_store import JobQuery, JobState
from tests.contract.traces import KEY, MB, at, batch, file, info, life, sample
from tests.guarded_opensearch import API_KEY, PASSWORD, gateway, make_certificate

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("opensearch")]
ROUNDS = FOLD_BATCHES - 1


@pytest.fixture
def prefix() -> str:
    return f"i{secrets.token_hex(4)}_"


def opened(access: Access, prefix: str) -> OpensearchStore:
    return OpensearchStore(access, prefix=prefix, clock=lambda: at(0))


@pytest.fixture
def store(opensearch: Opensearch, prefix: str) -> Iterator[OpensearchStore]:
    with closing(opened(Access([opensearch.url]), prefix)) as made:
        yield made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(PASSWORD + "\n")
    return tmp_path / "secret"


def test_an_account_over_tls_is_taken_and_its_password_is_nowhere(
    opensearch: Opensearch, prefix: str, secret: Path, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    with gateway(opensearch.url, certificate) as guard:
        access = Access([guard.url], "lens", secret, certificate)
        with closing(opened(access, prefix)) as store:
            store.write(life(3))
            assert store.summary(KEY).samples == 3
        assert guard.seen and not any(PASSWORD in line or "lens:" in line for line in guard.seen)
        secret.write_text("wrong staple")
        with pytest.raises(StoreAway, match="refuses the account") as refused:
            opened(access, prefix)
        assert "staple" not in str(refused.value)
        (tmp_path / "key").write_text(API_KEY.partition(" ")[2])
        opened(Access([guard.url], None, tmp_path / "key", certificate), prefix).close()
        with pytest.raises(StoreAway, match="does not answer"):
            opened(Access([guard.url], "lens", secret), prefix)


def test_a_secret_goes_to_no_plain_address_and_no_address_holds_one(secret: Path) -> None:
    with pytest.raises(BadInput, match="use https"):
        opened(Access(["http://search.example:9200"], "lens", secret), "")
    for url in ("https://lens:secret@search.example", "https://search.example?key=1", "ftp://search.example", "search"):
        with pytest.raises(BadInput, match="without account or query"):
            opened(Access([url]), "")


def test_wherever_the_connection_breaks_nothing_is_lost_and_nothing_counts_twice(
    opensearch: Opensearch, store: OpensearchStore, prefix: str
) -> None:
    """Each round breaks the connection at another request of a write that folds the tail, then writes it again."""
    with gateway(opensearch.url) as guard:
        for breaks_at in range(1, 10):
            host = f"node{breaks_at}"
            batches = list(life(FOLD_BATCHES + 5, key=KEY._replace(job=f"{breaks_at}.0"), host=host))
            batches[3] = replace(batches[3], files=[file("/data/a", 4, read=7, key=batches[3].samples[0].key)])
            store.write(batches[:ROUNDS])
            with closing(opened(Access([guard.url]), prefix)) as weak:
                guard.breaks_at = breaks_at
                with suppress(StoreAway):
                    weak.write([batches[ROUNDS]])
                guard.breaks_at = None
            with closing(opened(Access([opensearch.url]), prefix)) as again:
                again.write(batches[ROUNDS:])
                told = again.summary(batches[0].samples[0].key)
                assert (told.samples, told.state) == (FOLD_BATCHES + 5, JobState.ENDED)
                assert told.totals["rchar"] == (FOLD_BATCHES + 5) * 2 * MB
                rows = again.raw(told.key, start=0, end=2e9, collectors=["io"], limit=1000).rows
                assert [row.time for row in rows] == [at(step) for step in range(1, FOLD_BATCHES + 6)]
                assert [each.read_bytes for each in again.files(told.key, limit=5)] == [7]


def test_while_it_is_away_writes_are_refused_and_all_is_there_when_it_is_back(
    opensearch: Opensearch, prefix: str
) -> None:
    batches = life(20)
    store = opened(Access([opensearch.url]), prefix)
    store.write(batches[:10])
    opensearch.stop()
    try:
        with pytest.raises(StoreAway, match="does not answer"):
            store.write(batches[10:])
        with pytest.raises(StoreAway, match="does not answer"):
            store.summary(KEY)
    finally:
        opensearch.start()
        store.close()
    with closing(opened(Access([opensearch.url]), prefix)) as again:
        again.write(batches[5:])
        assert again.summary(KEY).samples == 20 and again.summary(KEY).totals["rchar"] == 40 * MB


def test_records_are_also_documents_that_the_public_query_service_reads(opensearch: Opensearch, prefix: str) -> None:
    access, client = Access([opensearch.url]), Client(Access([opensearch.url]))
    with (
        closing(client),
        closing(OpensearchStore(access, prefix=prefix, clock=lambda: at(0), public_form=PublicDocuments)) as store,
    ):
        first, *others = life(4)
        store.write([replace(first, files=[file("/data/\udc80.root", 1, read=500)])])
        for told in others:
            store.write([told])
        found = client.ask("POST", f"/{prefix}*_collector_*/_refresh")
        query = {"bool": {"filter": [
            {"term": {"job_info.NativeJobID.keyword": "172.0"}},
            {"term": {"job_info.cluster_name.keyword": "htcondor"}},
            {"range": {"@timestamp": {"gte": "2025-11-25T19:46:40Z", "lte": "2025-11-25T19:47:20Z"}}},
        ]}}  # fmt: skip
        asked = {"query": query, "sort": [{"@timestamp": "asc"}]}
        found = client.ask("POST", f"/{prefix}cpumem_collector_2025.11.25/_search", asked)["hits"]["hits"]
        assert [each["_source"]["data"]["summary"]["utime"] for each in found] == [1000, 2000, 3000, 4000]
        document = found[1]["_source"]
        assert (document["hostname"], document["job_info"]["jobtype"]) == ("node1", "htcondor")
        assert document["data"]["process_data"] == [] and document["data"]["summary"]["cpuPercent"] == 100.0
        found = client.ask("POST", f"/{prefix}io_collector_*/_search", asked)["hits"]["hits"]
        assert [each["_source"]["data"]["summary"]["read_bytes"] for each in found] == [MB, 2 * MB, 3 * MB, 4 * MB]
        (told_of_file,) = found[0]["_source"]["data"]["summary"]["files"]
        assert told_of_file["read_bytes"] == 500 and told_of_file["path"].endswith(".root")
        assert store.expire(at(0) + 2 * 86400) == 1
        left = client.ask("GET", f"/_cat/indices/{prefix}*_collector_*?format=json&h=index")
        assert left == []


def test_a_document_written_again_says_the_same() -> None:
    form = PublicDocuments(Indices(Client(Access(["http://localhost:9"])), ""))
    told = life(5)
    once = [list(form(each)) for each in told[:4]]
    assert list(form(told[3])) == once[3] and list(form(told[3])) == once[3]
    assert len({action["index"]["_id"] for each in once for action, _ in each}) == 12


def test_the_cards_of_a_job_are_one_document_for_each_look() -> None:
    form = PublicDocuments(Indices(Client(Access(["http://localhost:9"])), ""))
    cards = [
        GpuSample(KEY, at(step), card, f"GPU-{card}", "H200", "", 50.0, None, MB, 80 * MB, 1, 0)
        for step in (1, 2)
        for card in (0, 1)
    ]
    told = form(replace(batch(1), gpus=cards))
    assert [document["data"]["summary"]["gpu_count"] for _, document in told] == [2, 2]


def test_what_was_sampled_together_is_told_once_however_many_samples_have_that_time() -> None:
    form = PublicDocuments(Indices(Client(Access(["http://localhost:9"])), ""))
    seen = [file("/data/a.root", 1, read=500), file("/data/b.root", 1, read=5)]
    told = form(replace(batch(1, info(), sample(), sample(), sample()), files=seen))
    inside = [data["files"] for _, document in told if "files" in (data := document["data"]["summary"])]
    assert sorted(map(len, inside)) == [0, 0, 2]


def test_many_hosts_write_at_once(store: OpensearchStore) -> None:
    def one(number: int) -> None:
        host = f"node{number}"
        for told in life(6, host=host):
            store.write([told])
        key = KEY._replace(job=f"{number}.0")
        store.write([batch(99, info(key, host), sample(key), host=host, step=1)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    told = store.summary(KEY)
    assert (told.hosts, told.samples, told.state) == (8, 48, JobState.ENDED)
    assert len(store.jobs(JobQuery(), limit=20).rows) == 9


def test_of_two_writers_of_one_host_one_is_told_and_loses_nothing(
    opensearch: Opensearch, store: OpensearchStore, prefix: str
) -> None:
    batches = life(10)
    with closing(opened(Access([opensearch.url]), prefix)) as other:
        store.write(batches[:2])
        other.write(batches[2:4])
        with pytest.raises(StoreAway, match="Another writer"):
            store.write(batches[4:])
        store.write(batches[4:])
    assert store.summary(KEY).samples == 10


def test_documents_that_nobody_wrote_so_are_said_to_be_damage(
    opensearch: Opensearch, store: OpensearchStore, prefix: str
) -> None:
    store.write([batch(1, info(), sample())])
    client = Client(Access([opensearch.url]))
    client.ask("PUT", f"/{prefix}joblens_host/_doc/node1", {"host": "node1", "heard": 1, "state": {"kept": 5}})
    client.close()
    with pytest.raises(StoreDamaged, match="did not write so"):
        store.summary(KEY)
