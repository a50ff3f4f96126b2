"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change_count import ChangeCount
    from ..models.treated_otherwise import TreatedOtherwise


T = TypeVar("T", bound="PolicyDryRun")


@_attrs_define
class PolicyDryRun:
    """`uncertain` calls have arguments that are not on record as they were; `skipped` ones were refused before the
    policy was asked. With `whole` false only the latest calls were looked at. `differences` are the latest ones.

        Attributes:
            since (datetime.datetime):
            calls (int):
            whole (bool):
            uncertain (int):
            skipped (int):
            changed (int):
            counts (list[ChangeCount]):
            differences (list[TreatedOtherwise]):
    """

    since: datetime.datetime
    calls: int
    whole: bool
    uncertain: int
    skipped: int
    changed: int
    counts: list[ChangeCount]
    differences: list[TreatedOtherwise]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        since = self.since.isoformat()

        calls = self.calls

        whole = self.whole

        uncertain = self.uncertain

        skipped = self.skipped

        changed = self.changed

        counts = []
        for counts_item_data in self.counts:
            counts_item = counts_item_data.to_dict()
            counts.append(counts_item)

        differences = []
        for differences_item_data in self.differences:
            differences_item = differences_item_data.to_dict()
            differences.append(differences_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "since": since,
                "calls": calls,
                "whole": whole,
                "uncertain": uncertain,
                "skipped": skipped,
                "changed": changed,
                "counts": counts,
                "differences": differences,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change_count import ChangeCount  # noqa: PLC0415
        from ..models.treated_otherwise import TreatedOtherwise  # noqa: PLC0415

        d = dict(src_dict)
        since = datetime.datetime.fromisoformat(d.pop("since"))

        calls = d.pop("calls")

        whole = d.pop("whole")

        uncertain = d.pop("uncertain")

        skipped = d.pop("skipped")

        changed = d.pop("changed")

        counts = []
        _counts = d.pop("counts")
        for counts_item_data in _counts:
            counts_item = ChangeCount.from_dict(counts_item_data)

            counts.append(counts_item)

        differences = []
        _differences = d.pop("differences")
        for differences_item_data in _differences:
            differences_item = TreatedOtherwise.from_dict(differences_item_data)

            differences.append(differences_item)

        policy_dry_run = cls(
            since=since,
            calls=calls,
            whole=whole,
            uncertain=uncertain,
            skipped=skipped,
            changed=changed,
            counts=counts,
            differences=differences,
        )

        policy_dry_run.additional_properties = d
        return policy_dry_run

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
