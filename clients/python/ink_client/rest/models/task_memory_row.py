"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.contribution_kind import ContributionKind
from ..models.standing import Standing

T = TypeVar("T", bound="TaskMemoryRow")


@_attrs_define
class TaskMemoryRow:
    """`session_id` is where it was found out, `by_hand` whether a person wrote it.

    Agents read it as untrusted until it is `trusted`: a person has reviewed it for everybody.

        Attributes:
            contribution_id (str):
            kind (ContributionKind):
            title (str):
            text (str):
            author (str):
            by_hand (bool):
            at (datetime.datetime):
            session_id (str):
            standing (Standing): `PRIVATE`: nobody asked that others be told. The erased ones have lost their content for
                good.
            confidentiality (Confidentiality): Who may see it, in rising order.
            trusted (bool):
    """

    contribution_id: str
    kind: ContributionKind
    title: str
    text: str
    author: str
    by_hand: bool
    at: datetime.datetime
    session_id: str
    standing: Standing
    confidentiality: Confidentiality
    trusted: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        contribution_id = self.contribution_id

        kind = self.kind.value

        title = self.title

        text = self.text

        author = self.author

        by_hand = self.by_hand

        at = self.at.isoformat()

        session_id = self.session_id

        standing = self.standing.value

        confidentiality = self.confidentiality.value

        trusted = self.trusted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "contribution_id": contribution_id,
                "kind": kind,
                "title": title,
                "text": text,
                "author": author,
                "by_hand": by_hand,
                "at": at,
                "session_id": session_id,
                "standing": standing,
                "confidentiality": confidentiality,
                "trusted": trusted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        contribution_id = d.pop("contribution_id")

        kind = ContributionKind(d.pop("kind"))

        title = d.pop("title")

        text = d.pop("text")

        author = d.pop("author")

        by_hand = d.pop("by_hand")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        session_id = d.pop("session_id")

        standing = Standing(d.pop("standing"))

        confidentiality = Confidentiality(d.pop("confidentiality"))

        trusted = d.pop("trusted")

        task_memory_row = cls(
            contribution_id=contribution_id,
            kind=kind,
            title=title,
            text=text,
            author=author,
            by_hand=by_hand,
            at=at,
            session_id=session_id,
            standing=standing,
            confidentiality=confidentiality,
            trusted=trusted,
        )

        task_memory_row.additional_properties = d
        return task_memory_row

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
