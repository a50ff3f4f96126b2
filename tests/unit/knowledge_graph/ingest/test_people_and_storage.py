"""What the model is told of experiments, groups, users and storages, and who reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from ink_core.compute.hep.site import load_site
from ink_core.identity.model import Group, User
from ink_core.identity.principal import Scope
from ink_core.labels import Confidentiality
from ink_core.storage.xrootd.options import StorageOptions
from knowledge_graph.facts import Relation
from knowledge_graph.ingest.people import facts_of_accounts, facts_of_site
from knowledge_graph.ingest.storage import facts_of_storages
from knowledge_graph.model import GlobalModel
from tests.told import links, values

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_group_leads_to_its_experiment_and_that_to_where_its_jobs_go() -> None:
    site = load_site(None)
    name, experiment = next(iter(site.experiments.items()))
    moved = experiment.model_copy(update={"groups": ("higgs", "atlas*"), "cluster": "pool", "schedd": "ap1"})
    facts = [*facts_of_site(site.model_copy(update={"experiments": {name: moved}}), NOW)]
    assert links(facts) == {
        ("group:higgs", Relation.MEMBER_OF, f"experiment:{name}"),
        (f"experiment:{name}", Relation.MAPS_TO, "cluster:pool"),
        (f"experiment:{name}", Relation.MAPS_TO, "schedd:ap1"),
    }
    assert values(facts, f"experiment:{name}") == {"groups": "higgs atlas*"}
    assert values(facts, "site:hepjob")["wall_time_default_s"] == site.wall_times["default"]


def test_the_shipped_site_is_taken_whole_by_the_model() -> None:
    model = GlobalModel()
    model.change(facts_of_site(load_site(None), NOW))
    assert model.fact_count > 10 and not model.refused


def test_an_account_is_read_by_its_user_and_administrators_and_a_group_by_administrators() -> None:
    alice = User(username="alice", is_admin=False, disabled=False, created_at=NOW, groups=("gpu",))
    gpu = Group(
        name="gpu", description="May use GPUs", permissions=frozenset({"gpu"}), scopes=frozenset({Scope.JOBS_READ}),
        created_at=NOW,
    )  # fmt: skip
    facts = [*facts_of_accounts([alice], [gpu], NOW)]
    assert ("user:alice", Relation.MEMBER_OF, "group:gpu") in links(facts)
    readers = {fact.subject: fact.origin.readers for fact in facts}
    assert readers == {"user:alice": frozenset({"admins", "user:alice"}), "group:gpu": frozenset({"admins"})}
    assert values(facts, "group:gpu")["description"] == "May use GPUs"


def test_a_storage_tells_where_it_is_and_a_tree_how_confidential_it_is() -> None:
    eos = StorageOptions(name="eos", url="https://eos.example:8443")
    facts = [*facts_of_storages([eos], [("/data/exp", Confidentiality.EXPERIMENT)], NOW)]
    assert values(facts, "filesystem:eos") == {"type": "xrootd", "address": "https://eos.example:8443"}
    assert values(facts, "filesystem:/data/exp") == {"confidentiality": "experiment"}
