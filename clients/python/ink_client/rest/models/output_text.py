"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_state import JobState

T = TypeVar("T", bound="OutputText")


@_attrs_define
class OutputText:
    """`text` is bytes `offset` to `next_offset` of `size`; `state` is the job's, as it was seen at `observed_at`.

    Attributes:
        path (str):
        offset (int):
        next_offset (int):
        size (int):
        text (str):
        state (JobState): INK's own state words, and `SUSPENDED`, for which it has none.
        observed_at (datetime.datetime):
    """

    path: str
    offset: int
    next_offset: int
    size: int
    text: str
    state: JobState
    observed_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        offset = self.offset

        next_offset = self.next_offset

        size = self.size

        text = self.text

        state = self.state.value

        observed_at = self.observed_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "path": path,
                "offset": offset,
                "next_offset": next_offset,
                "size": size,
                "text": text,
                "state": state,
                "observed_at": observed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        offset = d.pop("offset")

        next_offset = d.pop("next_offset")

        size = d.pop("size")

        text = d.pop("text")

        state = JobState(d.pop("state"))

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        output_text = cls(
            path=path,
            offset=offset,
            next_offset=next_offset,
            size=size,
            text=text,
            state=state,
            observed_at=observed_at,
        )

        output_text.additional_properties = d
        return output_text

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
