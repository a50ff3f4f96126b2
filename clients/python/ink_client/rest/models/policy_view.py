"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PolicyView")


@_attrs_define
class PolicyView:
    """`problem` says why its file as it is now is not in force. With `owned_by_file` it is changed there alone.

    Attributes:
        version (str):
        source (str):
        rules (int):
        since (datetime.datetime):
        problem (None | str):
        owned_by_file (bool):
        text (str):
    """

    version: str
    source: str
    rules: int
    since: datetime.datetime
    problem: None | str
    owned_by_file: bool
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        source = self.source

        rules = self.rules

        since = self.since.isoformat()

        problem: None | str
        problem = self.problem

        owned_by_file = self.owned_by_file

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "source": source,
                "rules": rules,
                "since": since,
                "problem": problem,
                "owned_by_file": owned_by_file,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        source = d.pop("source")

        rules = d.pop("rules")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        owned_by_file = d.pop("owned_by_file")

        text = d.pop("text")

        policy_view = cls(
            version=version,
            source=source,
            rules=rules,
            since=since,
            problem=problem,
            owned_by_file=owned_by_file,
            text=text,
        )

        policy_view.additional_properties = d
        return policy_view

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
