"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.event_view_body import EventViewBody


T = TypeVar("T", bound="EventView")


@_attrs_define
class EventView:
    """`actor` is whom the event names first; of an `erased` one placeholders stand in the body.

    Attributes:
        chain (str):
        seq (int):
        kind (str):
        time (datetime.datetime):
        actor (None | str):
        tool (None | str):
        call_id (None | str):
        body (EventViewBody):
        erased (bool):
        hash_ (str):
    """

    chain: str
    seq: int
    kind: str
    time: datetime.datetime
    actor: None | str
    tool: None | str
    call_id: None | str
    body: EventViewBody
    erased: bool
    hash_: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        chain = self.chain

        seq = self.seq

        kind = self.kind

        time = self.time.isoformat()

        actor: None | str
        actor = self.actor

        tool: None | str
        tool = self.tool

        call_id: None | str
        call_id = self.call_id

        body = self.body.to_dict()

        erased = self.erased

        hash_ = self.hash_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "chain": chain,
                "seq": seq,
                "kind": kind,
                "time": time,
                "actor": actor,
                "tool": tool,
                "call_id": call_id,
                "body": body,
                "erased": erased,
                "hash": hash_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_view_body import EventViewBody  # noqa: PLC0415

        d = dict(src_dict)
        chain = d.pop("chain")

        seq = d.pop("seq")

        kind = d.pop("kind")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        def _parse_actor(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        actor = _parse_actor(d.pop("actor"))

        def _parse_tool(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        tool = _parse_tool(d.pop("tool"))

        def _parse_call_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        call_id = _parse_call_id(d.pop("call_id"))

        body = EventViewBody.from_dict(d.pop("body"))

        erased = d.pop("erased")

        hash_ = d.pop("hash")

        event_view = cls(
            chain=chain,
            seq=seq,
            kind=kind,
            time=time,
            actor=actor,
            tool=tool,
            call_id=call_id,
            body=body,
            erased=erased,
            hash_=hash_,
        )

        event_view.additional_properties = d
        return event_view

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
