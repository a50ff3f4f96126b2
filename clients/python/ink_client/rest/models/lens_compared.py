"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lens_comparison import LensComparison
    from ..models.lens_job_row import LensJobRow


T = TypeVar("T", bound="LensCompared")


@_attrs_define
class LensCompared:
    """
    Attributes:
        first (LensJobRow): One job over all hosts; `hosts` names the first of `host_count`. `cpu_percent` is of one
            core, the mean of its
            hosts, and the peak that of the fullest; an efficiency is used ÷ requested on a host, null if not known; `now`
            is
            null of what does not run.
        second (LensJobRow): One job over all hosts; `hosts` names the first of `host_count`. `cpu_percent` is of one
            core, the mean of its
            hosts, and the peak that of the fullest; an efficiency is used ÷ requested on a host, null if not known; `now`
            is
            null of what does not run.
        figures (list[LensComparison]):
    """

    first: LensJobRow
    second: LensJobRow
    figures: list[LensComparison]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first = self.first.to_dict()

        second = self.second.to_dict()

        figures = []
        for figures_item_data in self.figures:
            figures_item = figures_item_data.to_dict()
            figures.append(figures_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first": first,
                "second": second,
                "figures": figures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lens_comparison import LensComparison  # noqa: PLC0415
        from ..models.lens_job_row import LensJobRow  # noqa: PLC0415

        d = dict(src_dict)
        first = LensJobRow.from_dict(d.pop("first"))

        second = LensJobRow.from_dict(d.pop("second"))

        figures = []
        _figures = d.pop("figures")
        for figures_item_data in _figures:
            figures_item = LensComparison.from_dict(figures_item_data)

            figures.append(figures_item)

        lens_compared = cls(
            first=first,
            second=second,
            figures=figures,
        )

        lens_compared.additional_properties = d
        return lens_compared

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
