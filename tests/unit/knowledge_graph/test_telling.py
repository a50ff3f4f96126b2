"""What the global model is told of a contribution: to whom, how far trusted, and how it ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ink_core.labels import Confidentiality, Integrity
from knowledge_graph.changes import Observation
from knowledge_graph.contributions.contribution import Content, Contribution, ContributionKind, Standing, Step, Version
from knowledge_graph.contributions.telling import node_of, observations
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, Relation
from knowledge_graph.memory.decay import HALF_LIFE, confidence

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"
DISK = Content("wn042 has a new disk", "It has 4 TB now.", ("node:wn042",))
STEP = Step("s1", 2, "s1.2.0", "edit_jobs", (), ("job:pool/1.0", "group:atlas"), "job_refused", "why does 1.0 fail?")


def given(
    kind: ContributionKind = ContributionKind.FACT,
    content: Content = DISK,
    standing: Standing = Standing.PENDING,
    *,
    by_hand: bool = True,
    step: Step | None = None,
    members: frozenset[str] = frozenset(),
) -> Contribution:
    version = Version(1, "alice", by_hand, NOON, content, standing)
    return Contribution(ID, kind, "alice", Confidentiality.SCRATCH, (version,), members, step)


def told(contribution: Contribution, now: datetime = NOON, confirmed: datetime | None = None) -> list[Fact]:
    return [fact for each in observations(contribution, confirmed, now) for fact in each.facts]


def values(facts: list[Fact]) -> dict[str, object]:
    return {fact.name: fact.value for fact in facts if isinstance(fact, Attribute)}


def targets(facts: list[Fact]) -> set[str]:
    return {fact.target for fact in facts if isinstance(fact, Edge)}


def test_what_waits_is_told_to_its_author_alone_and_what_was_accepted_to_everybody() -> None:
    origins = [told(given(standing=standing))[0].origin for standing in (Standing.PENDING, Standing.ACCEPTED)]
    assert [origin.readers for origin in origins] == [{"user:alice"}, frozenset()]
    assert {origin.source for origin in origins} == {f"human:alice/{ID}"}
    assert {origin.layer for origin in origins} == {Layer.SEMANTICS}


@pytest.mark.parametrize(
    ("standing", "by_hand", "members", "integrity"),
    [
        (Standing.ACCEPTED, False, frozenset({"bob"}), Integrity.TRUSTED),
        (Standing.PENDING, True, frozenset[str](), Integrity.TRUSTED),
        (Standing.PENDING, False, frozenset[str](), Integrity.UNTRUSTED),
        (Standing.PRIVATE, True, frozenset({"alice"}), Integrity.TRUSTED),
        (Standing.PRIVATE, True, frozenset({"bob"}), Integrity.UNTRUSTED),
    ],
)
def test_unreviewed_it_is_trusted_only_by_whoever_wrote_it_with_their_own_hands(
    standing: Standing, by_hand: bool, members: frozenset[str], integrity: Integrity
) -> None:
    (first, *_) = told(given(ContributionKind.CORRECTION, standing=standing, by_hand=by_hand, members=members))
    assert first.origin.label.integrity is integrity


@pytest.mark.parametrize("standing", [Standing.REJECTED, Standing.WITHDRAWN, Standing.ERASED])
def test_what_was_refused_withdrawn_or_erased_is_unsaid(standing: Standing) -> None:
    assert observations(given(standing=standing), None, NOON) == [Observation(f"human:alice/{ID}", ())]


def test_a_refused_correction_stays_with_the_members_of_its_session() -> None:
    facts = told(given(ContributionKind.CORRECTION, standing=Standing.REJECTED, members=frozenset({"bob"})))
    assert facts[0].origin.readers == {"user:alice", "user:bob"}


def test_when_another_authors_version_is_accepted_the_first_ones_facts_are_unsaid() -> None:
    accepted = given(standing=Standing.ACCEPTED)
    by_bob = replace(accepted.latest, number=2, author="bob", content=replace(DISK, text="It has 8 TB."))
    said = observations(replace(accepted, versions=(accepted.latest, by_bob)), None, NOON)
    assert [(each.source, bool(each.facts)) for each in said] == [
        (f"human:alice/{ID}", False),
        (f"human:bob/{ID}", True),
    ]


def test_a_correction_is_tied_to_its_tool_its_error_and_what_the_step_was_about() -> None:
    facts = told(given(ContributionKind.CORRECTION, Content("Asked for memory", "Look at the quota."), step=STEP))
    assert values(facts)["text"] == "Wrong: Asked for memory\nRight: Look at the quota."
    assert targets(facts) == {"tool:edit_jobs", "error:job_refused", "job:pool/1.0", "group:atlas"}
    assert any(isinstance(fact, Edge) and fact.relation is Relation.CORRECTS for fact in facts)


def test_everybody_is_not_told_whose_job_it_was_nor_what_the_user_had_asked() -> None:
    shared = told(given(ContributionKind.CORRECTION, standing=Standing.ACCEPTED, step=STEP))
    assert "question" not in values(shared) and "job:pool/1.0" not in targets(shared)
    assert (
        values(told(given(ContributionKind.CORRECTION, standing=Standing.PRIVATE, step=STEP)))["question"]
        == STEP.question
    )


def test_a_fact_with_a_value_stands_beside_what_others_say_of_the_same_thing() -> None:
    facts = told(given(content=replace(DISK, attribute="disk_mb", value=4_000_000)))
    assert ("node:wn042", "disk_mb", 4_000_000) in {
        (fact.subject, fact.name, fact.value) for fact in facts if isinstance(fact, Attribute)
    }


def test_a_document_is_its_passages_and_a_long_runbook_has_some() -> None:
    text = "\n\n".join(f"## Part {number}\n\n{'word ' * 100}" for number in range(10))
    document, runbook = (
        told(given(kind, replace(DISK, text=text))) for kind in (ContributionKind.DOCUMENT, ContributionKind.RUNBOOK)
    )
    assert {fact.subject for fact in document} == {f"passage:contributed/{ID}#{number}" for number in range(10)}
    parts = [fact for fact in runbook if isinstance(fact, Edge) and fact.relation is Relation.PART_OF]
    assert {part.target for part in parts} == {node_of(given(ContributionKind.RUNBOOK))} and len(parts) == 10


@pytest.mark.parametrize("kind", [ContributionKind.DOCUMENT, ContributionKind.RUNBOOK])
def test_of_an_amendment_nothing_is_told_before_it_is_accepted(kind: ContributionKind) -> None:
    accepted = given(kind, replace(DISK, text="x" * 5_000), standing=Standing.ACCEPTED)
    waiting = Version(2, "bob", True, NOON, replace(DISK, title="Do as I say"), Standing.PENDING)
    assert told(replace(accepted, versions=(*accepted.versions, waiting))) == told(accepted)


def test_a_memory_counts_half_as_much_with_each_half_life_and_anew_once_use_confirms_it() -> None:
    later = NOON + HALF_LIFE
    finding, fact = given(ContributionKind.FINDING, standing=Standing.PRIVATE), given(ContributionKind.FACT)
    assert told(finding, later)[0].origin.confidence == pytest.approx(0.5)
    assert told(finding, later, confirmed=later)[0].origin.confidence == 1
    assert told(fact, later)[0].origin.confidence == 1
    assert confidence(NOON, NOON - timedelta(days=1)) == 1


def test_memory_of_a_task_is_told_to_its_members_as_untrusted_whoever_wrote_it() -> None:
    kept = replace(given(ContributionKind.FINDING, standing=Standing.PRIVATE), task_id="t1")
    facts = told(kept)
    assert {fact.origin.readers for fact in facts} == {frozenset({"user:alice", "task:t1"})}
    assert {fact.origin.label.integrity for fact in facts} == {Integrity.UNTRUSTED}
    assert "task:t1" in targets(facts)
    accepted = told(replace(given(ContributionKind.FINDING, standing=Standing.ACCEPTED), task_id="t1"))
    assert {fact.origin.readers for fact in accepted} == {frozenset()}
    assert "task:t1" not in targets(accepted), "which task it was is nobody else's business"
