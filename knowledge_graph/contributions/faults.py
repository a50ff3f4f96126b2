"""What can be wrong with a contribution or a review."""

from __future__ import annotations

from ink_core.errors import BadInput, Conflict, Forbidden, NotFound, Throttled


class ContributionNotFound(NotFound):
    """There is none of that id, or none that you may see."""

    code = "contribution_not_found"


class StepNotFound(NotFound):
    """The session has no such call or turn."""

    code = "step_not_found"


class OwnContribution(Forbidden):
    """Nobody reviews what they wrote themselves."""

    code = "own_contribution"


class NotYours(Forbidden):
    code = "not_your_contribution"


class ReviewedBefore(Conflict):
    """That version does not wait for a review: it was reviewed, withdrawn, or another one came after it."""

    code = "not_waiting_for_review"


class TooManyWaiting(Throttled):
    """Of one author no more wait for a review at once."""

    code = "too_many_waiting"


class KnowledgeFull(Conflict):
    """There is no room for more until something is withdrawn."""

    code = "knowledge_full"


class BadContribution(BadInput):
    code = "bad_contribution"
