"""What may leave for which model: the one check, made where a request leaves (`openai_model`) and nowhere past it.

A request carries the confidentiality of everything that the conversation has seen; one that nobody labelled counts as
the most confidential there is, so what forgets to say so stays inside.
"""

from __future__ import annotations

from collections.abc import Mapping

from ink_core.errors import Conflict
from ink_core.labels import Confidentiality, most_confidential
from manager.agent.model import ModelRequest, TrustClass

CLEARANCE: Mapping[TrustClass, Confidentiality] = {
    TrustClass.BUILTIN: Confidentiality.EXPERIMENT,
    TrustClass.SITE: Confidentiality.EXPERIMENT,
    TrustClass.EXTERNAL: Confidentiality.SCRATCH,
}
"""The highest that a model of each class may see."""


class EgressRefused(Conflict):
    """Something would have gone to a model that may not see it; nothing was sent."""

    code = "egress_refused"


def may_see(trust: TrustClass, confidentiality: Confidentiality) -> bool:
    return most_confidential((CLEARANCE[trust], confidentiality)) is CLEARANCE[trust]


def context_clearance(trust: TrustClass, held: Confidentiality) -> Confidentiality:
    """The most that facts may be which nobody asked for: of users, or what the conversation holds already.

    So no question alone takes a session to where another class of models may not follow.
    """
    most = most_confidential((held, Confidentiality.USER))
    return min(most, CLEARANCE[trust], key=lambda level: level.rank)


def check_egress(model: str, trust: TrustClass, request: ModelRequest) -> None:
    """Raises `EgressRefused`."""
    if not may_see(trust, request.confidentiality):
        raise refused(model, trust, request.confidentiality)


def refused(model: str, trust: TrustClass, confidentiality: Confidentiality) -> EgressRefused:
    return EgressRefused(
        f"this conversation holds {confidentiality.value} data, and {model} ({trust.value}) may see "
        f"{CLEARANCE[trust].value} data at most; nothing was sent. Go on with a model of the site, or in a new session"
    )
