"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RecordedSession")


@_attrs_define
class RecordedSession:
    """`first` and `last` are the times of its first and its last event; `events` and `turns` how many there are.

    Attributes:
        session_id (str):
        owner (str):
        title (str):
        model (str):
        first (datetime.datetime):
        last (datetime.datetime):
        events (int):
        turns (int):
        running (bool):
    """

    session_id: str
    owner: str
    title: str
    model: str
    first: datetime.datetime
    last: datetime.datetime
    events: int
    turns: int
    running: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        owner = self.owner

        title = self.title

        model = self.model

        first = self.first.isoformat()

        last = self.last.isoformat()

        events = self.events

        turns = self.turns

        running = self.running

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "session_id": session_id,
                "owner": owner,
                "title": title,
                "model": model,
                "first": first,
                "last": last,
                "events": events,
                "turns": turns,
                "running": running,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        owner = d.pop("owner")

        title = d.pop("title")

        model = d.pop("model")

        first = datetime.datetime.fromisoformat(d.pop("first"))

        last = datetime.datetime.fromisoformat(d.pop("last"))

        events = d.pop("events")

        turns = d.pop("turns")

        running = d.pop("running")

        recorded_session = cls(
            session_id=session_id,
            owner=owner,
            title=title,
            model=model,
            first=first,
            last=last,
            events=events,
            turns=turns,
            running=running,
        )

        recorded_session.additional_properties = d
        return recorded_session

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
