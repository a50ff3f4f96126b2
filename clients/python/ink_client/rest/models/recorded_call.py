"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.attempt_view import AttemptView
    from ..models.event_view import EventView


T = TypeVar("T", bound="RecordedCall")


@_attrs_define
class RecordedCall:
    """`decision` is what the policy said and why; the others are bodies of events, null where there is none yet.

    Attributes:
        attempt (AttemptView):
        decision (Any):
        approval (Any):
        verdict (Any):
        intent (Any):
        outcome (Any):
        erased (bool):
        events (list[EventView]):
    """

    attempt: AttemptView
    decision: Any
    approval: Any
    verdict: Any
    intent: Any
    outcome: Any
    erased: bool
    events: list[EventView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt.to_dict()

        decision = self.decision

        approval = self.approval

        verdict = self.verdict

        intent = self.intent

        outcome = self.outcome

        erased = self.erased

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.to_dict()
            events.append(events_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "decision": decision,
                "approval": approval,
                "verdict": verdict,
                "intent": intent,
                "outcome": outcome,
                "erased": erased,
                "events": events,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt_view import AttemptView  # noqa: PLC0415
        from ..models.event_view import EventView  # noqa: PLC0415

        d = dict(src_dict)
        attempt = AttemptView.from_dict(d.pop("attempt"))

        decision = d.pop("decision")

        approval = d.pop("approval")

        verdict = d.pop("verdict")

        intent = d.pop("intent")

        outcome = d.pop("outcome")

        erased = d.pop("erased")

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = EventView.from_dict(events_item_data)

            events.append(events_item)

        recorded_call = cls(
            attempt=attempt,
            decision=decision,
            approval=approval,
            verdict=verdict,
            intent=intent,
            outcome=outcome,
            erased=erased,
            events=events,
        )

        recorded_call.additional_properties = d
        return recorded_call

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
