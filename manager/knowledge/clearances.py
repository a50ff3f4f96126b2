"""Who reads what the global model answers, and what they may see: one credential, or all who read a session. Pure."""

from __future__ import annotations

from ink_core.identity.principal import Principal, Scope
from ink_core.labels import Confidentiality
from knowledge_graph.clearance import Clearance
from knowledge_graph.facts import ADMINS, NodeId, NodeKind, node_id
from manager.agent.context import Audience


def clearance_for(audience: Audience, most: Confidentiality) -> Clearance:
    """Where others read along, what all of them may know: what is the task's own, and what is everybody's."""
    own = clearance_of(audience.principal, most)
    names = frozenset[str]() if audience.others else own.names
    task = task_node(audience)
    return Clearance(names | {task} if task else names, own.most)


def clearance_of(principal: Principal, most: Confidentiality) -> Clearance:
    """What this credential shows: one without the scope of an administrator shows no more than its user's own.

    Queues, nodes and measured jobs take `jobs:read`, as everywhere: without it there is what everybody may read.
    """
    admin = principal.is_admin and principal.administers
    if Scope.JOBS_READ not in principal.scopes:
        most = Confidentiality.PUBLIC
    return Clearance(frozenset({user_node(principal), *((ADMINS,) if admin else ())}), most)


def task_node(audience: Audience) -> NodeId | None:
    return node_id(NodeKind.TASK, audience.task_id) if audience.task_id else None


def user_node(principal: Principal) -> NodeId:
    return node_id(NodeKind.USER, principal.username)
