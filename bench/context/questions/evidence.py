"""The facts that answers need, by their ids, from what is true of a synthetic site."""

from __future__ import annotations

from bench.context.questions.question import Need
from bench.context.site.faults import Fault, Trouble, alert_id
from bench.context.site.job_facts import lens, scheduler
from bench.context.site.jobs import Job
from bench.context.site.people import User
from bench.context.site.sources import IDENTITY, MONITORING, SITE, STORAGE, attribute_id, edge_id
from bench.context.site.topology import (
    POOL,
    FileSystem,
    Machine,
    Queue,
    collector,
    schedd_node,
    server_node,
    switch_node,
)
from knowledge_graph.facts import NodeId, NodeKind, Relation, node_id


def fact(fact_id: str, *others: str) -> Need:
    return frozenset((fact_id, *others))


def of_job(job: Job, name: str) -> Need:
    return fact(attribute_id(job.node, name, scheduler(job)))


def job_edge(job: Job, relation: Relation, target: NodeId) -> Need:
    return fact(edge_id(job.node, relation, target, scheduler(job)))


def measured(job: Job, name: str) -> Need:
    return fact(attribute_id(job.node, name, lens(job)))


def of_user(user: User, name: str) -> Need:
    return fact(attribute_id(user.node, name, IDENTITY))


def memberships(user: User) -> tuple[Need, ...]:
    groups = (node_id(NodeKind.GROUP, group) for group in user.groups)
    return tuple(fact(edge_id(user.node, Relation.MEMBER_OF, group, IDENTITY)) for group in groups)


def of_queue(queue: Queue, name: str) -> Need:
    return fact(attribute_id(queue.node, name, collector(queue.cluster)))


def of_file_system(one: FileSystem, name: str) -> Need:
    return fact(attribute_id(one.node, name, STORAGE))


def served_by(one: FileSystem, server: str) -> Need:
    return fact(edge_id(one.node, Relation.RUNS_ON, server_node(server), SITE))


def owned(one: FileSystem) -> Need:
    return fact(edge_id(one.node, Relation.OWNED_BY, node_id(NodeKind.GROUP, str(one.experiment)), SITE))


def holds_data_of(experiment: str, one: FileSystem) -> Need:
    return fact(edge_id(node_id(NodeKind.EXPERIMENT, experiment), Relation.MAPS_TO, one.node, SITE))


def behind(machine: Machine) -> Need:
    return fact(edge_id(machine.node, Relation.CONNECTED_TO, switch_node(machine.switch), SITE))


def problem_of(machine: Machine) -> Need:
    return fact(attribute_id(machine.node, "reason", MONITORING))


def broken(fault: Fault) -> Need:
    """That what is at fault is at fault: its own state, or the alert about it."""
    alert = alert_id(fault)
    match fault.trouble:
        case Trouble.FULL:
            return fact(attribute_id(fault.at, "used_fraction", STORAGE), alert)
        case Trouble.BLACK_HOLE:
            return fact(attribute_id(fault.at, "reason", MONITORING), alert)
        case Trouble.SCHEDD:
            return fact(attribute_id(fault.at, "state", collector(POOL)), alert)
        case _:
            return fact(attribute_id(fault.at, "state", MONITORING), alert)


def cause_of(job: Job) -> tuple[Need, ...]:
    """The chain from the job to what is broken, for a job that feels a fault."""
    fault = job.fault
    assert fault is not None
    match fault.trouble:
        case Trouble.FILE_SERVER:
            assert fault.file_system is not None
            reads = () if job.reason else (job_edge(job, Relation.READS, fault.file_system.node),)
            return (*reads, served_by(fault.file_system, fault.name), broken(fault))
        case Trouble.SWITCH:
            assert job.machine is not None
            return (job_edge(job, Relation.RUNS_ON, job.machine.node), behind(job.machine), broken(fault))
        case Trouble.BLACK_HOLE:
            return (job_edge(job, Relation.RUNS_ON, fault.at), broken(fault))
        case Trouble.FULL:
            return (broken(fault),)
        case Trouble.SCHEDD:
            return (job_edge(job, Relation.SUBMITTED_TO, schedd_node(str(job.schedd))), broken(fault))
        case Trouble.DRAINED:
            return (job_edge(job, Relation.SUBMITTED_TO, job.queue.node), of_queue(job.queue, "state_reason"))
        case Trouble.CREDENTIAL:
            return (of_user(job.owner, "credential_expires_at"),)
        case Trouble.QUOTA:
            return (of_user(job.owner, "home_used_gb"), of_user(job.owner, "home_quota_gb"))
        case Trouble.MEMORY:
            return ()
