"""Slurm's reasons for a waiting job in plain words, each with what the user can do.

Source: Slurm's list of job reason codes (squeue, JOB REASON CODES).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    words: str
    proposal: str


_WAIT = "wait"
_LESS = "ask for less, or choose another partition"
_ADMIN = "ask the site's administrators"

REASONS: dict[str, Reason] = {
    "None": Reason("Slurm has not looked at the job yet", _WAIT),
    "Resources": Reason("it is next, but the resources it asks for are in use", "wait, or ask for less"),
    "Priority": Reason("jobs with a higher priority come first", _WAIT),
    "Dependency": Reason("it waits for another job on which it depends", "wait, or remove the dependency"),
    "DependencyNeverSatisfied": Reason(
        "the job on which it depends ended in another way than needed", "remove the job"
    ),
    "JobHeldUser": Reason("it is held by its owner", "release the job"),
    "JobHeldAdmin": Reason("it is held by an administrator", _ADMIN),
    "BeginTime": Reason("its earliest start time has not come", _WAIT),
    "Reservation": Reason("its reservation has not begun", _WAIT),
    "ReservationDeleted": Reason("its reservation is gone", "submit it again without the reservation"),
    "ReqNodeNotAvail": Reason("a node that it asks for is not in service", "wait, or do not ask for that node"),
    "Nodes_required_for_job_are_DOWN,_DRAINED_or_reserved_for_jobs_in_higher_priority_partitions": Reason(
        "the nodes that fit are down, drained or reserved", _WAIT
    ),
    "PartitionConfig": Reason("no node of the partition has what it asks for", _LESS),
    "PartitionNodeLimit": Reason("it asks for more nodes than the partition allows", _LESS),
    "PartitionTimeLimit": Reason("it asks for more time than the partition allows", _LESS),
    "PartitionDown": Reason("the partition is down", "wait, or choose another partition"),
    "PartitionInactive": Reason("the partition starts no jobs at present", "wait, or choose another partition"),
    "BadConstraints": Reason("no node has all the features it asks for", "change the constraints"),
    "Licenses": Reason("the licences it asks for are in use", _WAIT),
    "JobArrayTaskLimit": Reason("as many tasks of its array as allowed are running", _WAIT),
    "MaxJobsPerAccount": Reason("its account runs as many jobs as allowed", _WAIT),
    "InvalidAccount": Reason("its account is not valid", "submit it again with another account"),
    "InvalidQOS": Reason("its quality of service is not valid", "submit it again with another one"),
    "job_requeued_in_held_state": Reason("it was put back into the queue and held", "release the job"),
    "launch_failed_requeued_held": Reason("it could not be started and was held", "release the job"),
    "Cleaning": Reason("its previous run is being cleaned up", _WAIT),
    "Prolog": Reason("the node is being prepared", _WAIT),
}


def reason_for(code: str) -> Reason:
    """`code` as Slurm gives it; details after a comma or in parentheses do not matter."""
    name = code.split(",")[0].split("(")[0].strip() if code not in REASONS else code
    if name in REASONS:
        return REASONS[name]
    if name.startswith(("QOS", "Assoc")):
        return Reason(f"a limit of its account or quality of service is reached ({name})", "wait, or ask for less")
    return Reason(f"Slurm's reason is {code}", _WAIT)
