"""Why an HTCondor job does not start."""

from __future__ import annotations

from typing import Any

from ink_core.compute.htcondor.ads import text, whole
from ink_core.compute.htcondor.matching import Analysis, analyse
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.priorities import priorities
from ink_core.compute.model import Explanation, JobState


def explain_idle(pool: Pool, job_id: str, ad: Any) -> Explanation:
    analysis = analyse(ad, pool.machines('SlotType =!= "Dynamic"', ()))
    summary, proposals = _verdict(analysis, ad)
    return Explanation(
        job_id=job_id,
        state=JobState.QUEUEING,
        summary=summary,
        evidence=(*_machine_facts(analysis), *_queue_facts(pool, ad), *_standing(pool, ad)),
        proposals=tuple(proposals),
    )


def _verdict(analysis: Analysis, ad: Any) -> tuple[str, list[str]]:
    if analysis.machines == 0:
        return "the job waits: no execute node reports to the pool", ["wait, or tell the site's administrators"]
    if analysis.too_large:
        first = analysis.too_large[0]
        words = (
            f"no machine can ever run the job: it asks for {first.asked} {first.what}, the largest has {first.largest}"
        )
        return words, [f"ask for at most {item.largest} {item.what}" for item in analysis.too_large]
    if analysis.possible == 0:
        return _no_machine_fits(analysis)
    if analysis.free_now == 0:
        words = f"all {analysis.possible} machines that can run the job are in use"
        return words, ["wait, or ask for less so that it fits into what is free"]
    if limits := text(ad, "ConcurrencyLimits"):
        words = "machines are free for the job; it may wait for its concurrency limits, or for the next matchmaking"
        return words, [f"wait until other jobs under the limits {limits} have ended"]
    words = f"{analysis.free_now} machines could run the job now; it waits for the next matchmaking or for its turn"
    return words, ["wait a minute; if it stays, other users' jobs have the better priority"]


def _no_machine_fits(analysis: Analysis) -> tuple[str, list[str]]:
    unmet = [item.clause for item in analysis.clauses if item.machines == 0]
    if unmet:
        words = f"no machine satisfies the job's requirement {unmet[0]}"
        return words, [f"change or drop the requirement {clause}" for clause in unmet]
    if analysis.unwilling:
        return "the machines that fit the job refuse it by their own policy", ["ask the site's administrators"]
    return "no machine satisfies all of the job's requirements at once", ["drop one of the requirements"]


def _machine_facts(analysis: Analysis) -> list[str]:
    facts = [
        f"{analysis.machines} machines: {analysis.possible} can run the job when empty, {analysis.free_now} right now",
        *(f"it asks for {item.asked} {item.what}; the largest has {item.largest}" for item in analysis.too_large),
    ]
    for item in analysis.clauses:
        if item.machines < analysis.machines:
            facts.append(f"{item.machines} of {analysis.machines} machines satisfy {item.clause}")
    return facts


def _queue_facts(pool: Pool, ad: Any) -> list[str]:
    owner, submitted, priority = text(ad, "Owner") or "", whole(ad, "QDate") or 0, whole(ad, "JobPrio") or 0
    waiting = pool.query("JobStatus == 1", ("Owner", "QDate", "JobPrio"))
    own = [other for other in waiting if text(other, "Owner") == owner]
    ahead = [other for other in own if _order(other) < (-priority, submitted)]
    facts = [
        f"{len(ahead)} of {owner}'s {len(own)} waiting jobs come first; others have {len(waiting) - len(own)} waiting"
    ]
    if (reason := text(ad, "LastRejMatchReason")) is not None:
        facts.append(f"the negotiator's latest word: {reason.strip()}")
    return facts


def _standing(pool: Pool, ad: Any) -> list[str]:
    """Where its user stands; nothing of one whom the negotiator has not weighed yet."""
    submitter, all_of_them = (text(ad, "Owner"), text(ad, "AcctGroup")), priorities(pool).users
    rows = (row for row in all_of_them if (row.user, row.group) == submitter)
    return [
        f"{row.user} is number {row.rank} of {len(all_of_them)} submitters, "
        f"with the priority {row.value}: small ones come first"
        for row in rows
    ]


def _order(ad: Any) -> tuple[int, int]:
    return -(whole(ad, "JobPrio") or 0), whole(ad, "QDate") or 0
