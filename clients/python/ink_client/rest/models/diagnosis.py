"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.incident_view import IncidentView
    from ..models.packed_fact_view import PackedFactView
    from ..models.proposal_view import ProposalView


T = TypeVar("T", bound="Diagnosis")


@_attrs_define
class Diagnosis:
    """The incident, what the global model knows around it (`context`, made of `facts`), and what could be done.

    Attributes:
        incident (IncidentView): `users` is how many it affects and `owners` who, as far as the reader may know.
            `evidence` are ids of facts.
        context (str):
        facts (list[PackedFactView]):
        proposals (list[ProposalView]):
    """

    incident: IncidentView
    context: str
    facts: list[PackedFactView]
    proposals: list[ProposalView]

    def to_dict(self) -> dict[str, Any]:
        incident = self.incident.to_dict()

        context = self.context

        facts = []
        for facts_item_data in self.facts:
            facts_item = facts_item_data.to_dict()
            facts.append(facts_item)

        proposals = []
        for proposals_item_data in self.proposals:
            proposals_item = proposals_item_data.to_dict()
            proposals.append(proposals_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incident": incident,
                "context": context,
                "facts": facts,
                "proposals": proposals,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.incident_view import IncidentView  # noqa: PLC0415
        from ..models.packed_fact_view import PackedFactView  # noqa: PLC0415
        from ..models.proposal_view import ProposalView  # noqa: PLC0415

        d = dict(src_dict)
        incident = IncidentView.from_dict(d.pop("incident"))

        context = d.pop("context")

        facts = []
        _facts = d.pop("facts")
        for facts_item_data in _facts:
            facts_item = PackedFactView.from_dict(facts_item_data)

            facts.append(facts_item)

        proposals = []
        _proposals = d.pop("proposals")
        for proposals_item_data in _proposals:
            proposals_item = ProposalView.from_dict(proposals_item_data)

            proposals.append(proposals_item)

        diagnosis = cls(
            incident=incident,
            context=context,
            facts=facts,
            proposals=proposals,
        )

        return diagnosis
