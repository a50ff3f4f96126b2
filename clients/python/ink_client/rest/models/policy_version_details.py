"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PolicyVersionDetails")


@_attrs_define
class PolicyVersionDetails:
    """
    Attributes:
        seq (int):
        version (str):
        source (str):
        at (datetime.datetime):
        rules (int):
        written_here (bool):
        by (str):
        reason (str):
        text (str):
    """

    seq: int
    version: str
    source: str
    at: datetime.datetime
    rules: int
    written_here: bool
    by: str
    reason: str
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        seq = self.seq

        version = self.version

        source = self.source

        at = self.at.isoformat()

        rules = self.rules

        written_here = self.written_here

        by = self.by

        reason = self.reason

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "seq": seq,
                "version": version,
                "source": source,
                "at": at,
                "rules": rules,
                "written_here": written_here,
                "by": by,
                "reason": reason,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seq = d.pop("seq")

        version = d.pop("version")

        source = d.pop("source")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        rules = d.pop("rules")

        written_here = d.pop("written_here")

        by = d.pop("by")

        reason = d.pop("reason")

        text = d.pop("text")

        policy_version_details = cls(
            seq=seq,
            version=version,
            source=source,
            at=at,
            rules=rules,
            written_here=written_here,
            by=by,
            reason=reason,
            text=text,
        )

        policy_version_details.additional_properties = d
        return policy_version_details

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
