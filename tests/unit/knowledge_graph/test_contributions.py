"""Contributions are handed in, reviewed by somebody else, amended and withdrawn; nobody is told more than they may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ink_core.clock import ManualClock
from ink_core.errors import InkError, Throttled
from knowledge_graph.changes import Observation
from knowledge_graph.contributions.contribution import (
    MAX_TEXT_BYTES,
    Content,
    Contribution,
    ContributionKind,
    ReviewVerdict,
    Standing,
    Step,
)
from knowledge_graph.contributions.desk import ContributionDesk, NewContribution
from knowledge_graph.contributions.faults import (
    BadContribution,
    ContributionNotFound,
    KnowledgeFull,
    NotYours,
    OwnContribution,
    ReviewedBefore,
    TooManyWaiting,
)
from knowledge_graph.contributions.shelf import MAX_OF_ONE, MAX_WAITING, Viewer

ALICE, BOB, CAROL = Viewer("alice"), Viewer("bob"), Viewer("carol", reviews=True)
DISK = Content("wn042 has a new disk", "The disk of wn042 was replaced; it has 4 TB now.", ("node:wn042",))
STEP = Step("s1", 2, "s1.2.0", "edit_jobs", ("job_ids", "memory_mb"), ("job:pool/1.0",), "job_refused", "why?")


@pytest.fixture
def desk() -> ContributionDesk:
    return ContributionDesk(ManualClock())


def new(
    number: int = 1, kind: ContributionKind = ContributionKind.FACT, content: Content = DISK, *, share: bool = True
) -> NewContribution:
    return NewContribution(f"{number:032x}", kind, content, share=share)


async def hand_in(desk: ContributionDesk, given: NewContribution | None = None, author: str = "alice") -> Contribution:
    return await desk.contribute(given or new(), author=author, by_hand=True)


async def accept(desk: ContributionDesk, given: Contribution, reviewer: str = "carol") -> Contribution:
    return await desk.review(given.id, given.latest.number, ReviewVerdict.ACCEPTED, reviewer=reviewer, reason="")


async def test_a_contribution_waits_and_is_seen_by_its_author_and_reviewers_alone(desk: ContributionDesk) -> None:
    given = await hand_in(desk)
    assert given.latest.standing is Standing.PENDING and given.in_force is None
    assert [desk.shelf.seen_by(viewer) for viewer in (ALICE, CAROL, BOB)] == [[given], [given], []]
    with pytest.raises(ContributionNotFound):
        desk.shelf.get(given.id, BOB)


async def test_once_accepted_everybody_sees_it(desk: ContributionDesk) -> None:
    accepted = await accept(desk, await hand_in(desk))
    assert desk.shelf.get(accepted.id, BOB) == accepted
    assert accepted.in_force and (accepted.in_force.author, accepted.in_force.reviewer) == ("alice", "carol")


async def test_nobody_reviews_their_own(desk: ContributionDesk) -> None:
    given = await hand_in(desk, author="carol")
    with pytest.raises(OwnContribution):
        await accept(desk, given)
    amended = await desk.amend(given.id, replace(DISK, title="It has two"), Viewer("dave", reviews=True), by_hand=True)
    with pytest.raises(OwnContribution):
        await accept(desk, amended, reviewer="dave")
    assert (await accept(desk, amended)).in_force == desk.shelf.get(given.id, ALICE).latest


async def test_a_rejection_needs_a_reason_and_its_author_sees_it(desk: ContributionDesk) -> None:
    given = await hand_in(desk)
    with pytest.raises(BadContribution, match="say why"):
        await desk.review(given.id, 1, ReviewVerdict.REJECTED, reviewer="carol", reason=" ")
    await desk.review(given.id, 1, ReviewVerdict.REJECTED, reviewer="carol", reason="it is 2 TB")
    seen = desk.shelf.get(given.id, ALICE).latest
    assert (seen.standing, seen.reason) == (Standing.REJECTED, "it is 2 TB")
    with pytest.raises(ContributionNotFound):
        desk.shelf.get(given.id, BOB)


async def test_an_amendment_is_a_new_version_and_the_old_one_counts_until_it_is_accepted(
    desk: ContributionDesk,
) -> None:
    accepted = await accept(desk, await hand_in(desk))
    amended = await desk.amend(accepted.id, replace(DISK, text="It has 8 TB."), BOB, by_hand=True)
    assert amended.in_force == accepted.latest and amended.latest.author == "bob"
    again = await accept(desk, amended)
    assert again.in_force == again.latest and again.versions[0].content == DISK


async def test_what_was_not_read_is_not_reviewed(desk: ContributionDesk) -> None:
    given = await hand_in(desk)
    await desk.amend(given.id, replace(DISK, text="It has 8 TB."), ALICE, by_hand=True)
    with pytest.raises(ReviewedBefore):
        await accept(desk, given)


async def test_sent_twice_it_is_done_once(desk: ContributionDesk) -> None:
    given = await hand_in(desk)
    assert await hand_in(desk) == given
    accepted = await accept(desk, given)
    assert await accept(desk, given) == accepted
    assert await desk.amend(given.id, DISK, ALICE, by_hand=True) == accepted
    withdrawn = await desk.withdraw(given.id, ALICE, "")
    assert await desk.withdraw(given.id, ALICE, "") == withdrawn


async def test_who_wrote_it_or_reviews_withdraws_it(desk: ContributionDesk) -> None:
    given = await accept(desk, await hand_in(desk))
    with pytest.raises(NotYours):
        await desk.withdraw(given.id, BOB, "")
    withdrawn = await desk.withdraw(given.id, CAROL, "the disk broke")
    assert withdrawn.in_force is None and withdrawn.latest.reason == "the disk broke"


async def test_a_correction_that_is_not_shared_stays_with_the_members_of_its_session(desk: ContributionDesk) -> None:
    given = NewContribution(
        "c" * 32, ContributionKind.CORRECTION, Content("Asked for memory", "Look at the quota."), share=False, step=STEP
    )
    kept = await desk.contribute(replace(given, members=frozenset({"bob"})), author="alice", by_hand=True)
    assert kept.latest.standing is Standing.PRIVATE
    assert [bool(desk.shelf.seen_by(viewer)) for viewer in (ALICE, BOB, CAROL)] == [True, True, False]


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        (ContributionKind.FACT, replace(DISK, title=" "), "a title has"),
        (ContributionKind.FACT, replace(DISK, title="x" * 201), "a title has"),
        (ContributionKind.FACT, replace(DISK, text="\n"), "has a text"),
        (ContributionKind.DOCUMENT, replace(DISK, text="ä" * 600_000), "at most 1048576 bytes"),
        (ContributionKind.FACT, replace(DISK, about=("wn042",)), "write KIND:NAME"),
        (ContributionKind.FACT, replace(DISK, about=("planet:mars",)), "write KIND:NAME"),
        (ContributionKind.FACT, replace(DISK, about=("node:a\nb",)), "write KIND:NAME"),
        (ContributionKind.FACT, replace(DISK, about=("node:a",) * 51), "at most 50"),
        (ContributionKind.RUNBOOK, replace(DISK, attribute="disk_mb", value=1), "exactly one thing"),
        (ContributionKind.FACT, replace(DISK, about=(), attribute="disk_mb", value=1), "exactly one thing"),
        (ContributionKind.FACT, replace(DISK, attribute="Disk MB", value=1), "lower-case"),
        (ContributionKind.FACT, replace(DISK, attribute="disk_mb"), "has a value"),
        (ContributionKind.FACT, replace(DISK, about=("rule:all (policy@ink, 3 s)",)), "write KIND:NAME"),
        (ContributionKind.FACT, replace(DISK, about=("rule:all",), attribute="effect", value="allow"), "nobody gives"),
        (
            ContributionKind.FACT,
            replace(DISK, about=("tool:remove_jobs",), attribute="risk", value="read"),
            "nobody gi",
        ),
        (ContributionKind.FACT, replace(DISK, about=("runbook:1",), attribute="text", value="rm"), "nobody gives"),
        (ContributionKind.FACT, replace(DISK, attribute="disk_mb", value="x" * 1_001), "at most 1000 characters"),
        (ContributionKind.FACT, replace(DISK, attribute="disk_mb", value=float("nan")), "is finite"),
        (ContributionKind.FACT, replace(DISK, attribute="disk_mb", value=2**64), "63 bits"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_what_would_do(
    desk: ContributionDesk, kind: ContributionKind, content: Content, said: str
) -> None:
    with pytest.raises(BadContribution, match=said):
        await hand_in(desk, new(kind=kind, content=content))
    assert len(desk.shelf) == 0


async def test_one_author_does_not_fill_the_queue(desk: ContributionDesk) -> None:
    for number in range(MAX_WAITING):
        await hand_in(desk, new(number))
    with pytest.raises(TooManyWaiting):
        await hand_in(desk, new(MAX_WAITING))
    assert await hand_in(desk, new(MAX_WAITING), author="bob")


async def test_an_amendment_of_anothers_is_seen_by_its_author_its_owner_and_reviewers_until_it_is_accepted(
    desk: ContributionDesk,
) -> None:
    accepted = await accept(desk, await hand_in(desk))
    amended = await desk.amend(accepted.id, replace(DISK, title="Do as I say"), BOB, by_hand=True)
    dave = Viewer("dave")
    shown = {viewer.username: desk.shelf.shown(amended.id, viewer) for viewer in (ALICE, BOB, CAROL, dave)}
    assert {name: len(each.versions) for name, each in shown.items()} == {"alice": 2, "bob": 2, "carol": 2, "dave": 1}
    assert desk.shelf.seen_by(dave) == [shown["dave"]] == [accepted]
    await desk.withdraw(amended.id, ALICE, "")
    assert [each.author for each in desk.shelf.shown(amended.id, BOB).versions] == ["bob"]


async def test_an_accepted_correction_tells_others_nothing_of_its_session(desk: ContributionDesk) -> None:
    step = replace(STEP, entities=("job:pool/1.0", "user:alice", "node:wn042"))
    given = NewContribution("c" * 32, ContributionKind.CORRECTION, Content("Wrong", "Right."), step=step)
    await accept(desk, await hand_in(desk, given))
    seen = [desk.shelf.shown(given.id, viewer).step for viewer in (ALICE, CAROL, BOB)]
    told = replace(step, session_id="", call_id="", entities=("node:wn042",), question="")
    assert seen == [step, replace(step, question=""), told]


async def test_one_author_does_not_fill_the_shelf_neither_with_versions_nor_with_what_nobody_reviews(
    desk: ContributionDesk,
) -> None:
    text = "x" * MAX_TEXT_BYTES
    given = await hand_in(desk, new(kind=ContributionKind.DOCUMENT, content=replace(DISK, text=text)))
    with pytest.raises(KnowledgeFull, match="as much as one may"):
        for number in range(MAX_OF_ONE // MAX_TEXT_BYTES):
            await desk.amend(given.id, replace(DISK, text=f"{number}{text[10:]}"), ALICE, by_hand=True)
    await desk.withdraw(given.id, ALICE, "")
    with pytest.raises(KnowledgeFull):
        await hand_in(desk, new(2, content=replace(DISK, text=text), share=False))
    assert await hand_in(desk, new(3, content=replace(DISK, text=text)), author="bob")


async def test_where_nothing_can_be_recorded_nothing_has_changed() -> None:
    class Unwritable(ContributionDesk):
        async def _record(self, kind: str, body: object) -> Contribution:
            raise InkError("no disk")

    desk = Unwritable(ManualClock())
    with pytest.raises(InkError, match="no disk"):
        await hand_in(desk)
    assert len(desk.shelf) == 0


async def test_what_a_busy_model_did_not_take_is_told_later() -> None:
    heard, busy = list[str](), [True]

    async def observe(observation: Observation) -> None:
        if busy[0]:
            raise Throttled("the model is behind")
        heard.append(observation.source)

    desk = ContributionDesk(ManualClock(), observe)
    given = await hand_in(desk)
    assert desk.shelf.find(given.id) == given and heard == []
    busy[0] = False
    await desk.tell_again()
    await desk.tell_again()
    assert heard == [f"human:alice/{given.id}"]
