"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.app_row import AppRow
    from ..models.apps_broken import AppsBroken


T = TypeVar("T", bound="Apps")


@_attrs_define
class Apps:
    """`broken` are folders of apps that cannot be used, with the reason; administrators see them.

    Attributes:
        apps (list[AppRow]):
        broken (AppsBroken):
    """

    apps: list[AppRow]
    broken: AppsBroken

    def to_dict(self) -> dict[str, Any]:
        apps = []
        for apps_item_data in self.apps:
            apps_item = apps_item_data.to_dict()
            apps.append(apps_item)

        broken = self.broken.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "apps": apps,
                "broken": broken,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.app_row import AppRow  # noqa: PLC0415
        from ..models.apps_broken import AppsBroken  # noqa: PLC0415

        d = dict(src_dict)
        apps = []
        _apps = d.pop("apps")
        for apps_item_data in _apps:
            apps_item = AppRow.from_dict(apps_item_data)

            apps.append(apps_item)

        broken = AppsBroken.from_dict(d.pop("broken"))

        apps = cls(
            apps=apps,
            broken=broken,
        )

        return apps
