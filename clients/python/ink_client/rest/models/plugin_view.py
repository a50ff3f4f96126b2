"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PluginView")


@_attrs_define
class PluginView:
    """`package` is what the settings name; the rest is known of one that runs. A failed one tells the reason.

    Attributes:
        package (str):
        state (str):
        reason (str):
        name (str):
        version (str):
        routes (list[str]):
        hooks (list[str]):
        page (None | str):
    """

    package: str
    state: str
    reason: str
    name: str
    version: str
    routes: list[str]
    hooks: list[str]
    page: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        package = self.package

        state = self.state

        reason = self.reason

        name = self.name

        version = self.version

        routes = self.routes

        hooks = self.hooks

        page: None | str
        page = self.page

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "package": package,
                "state": state,
                "reason": reason,
                "name": name,
                "version": version,
                "routes": routes,
                "hooks": hooks,
                "page": page,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        package = d.pop("package")

        state = d.pop("state")

        reason = d.pop("reason")

        name = d.pop("name")

        version = d.pop("version")

        routes = cast(list[str], d.pop("routes"))

        hooks = cast(list[str], d.pop("hooks"))

        def _parse_page(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        page = _parse_page(d.pop("page"))

        plugin_view = cls(
            package=package,
            state=state,
            reason=reason,
            name=name,
            version=version,
            routes=routes,
            hooks=hooks,
            page=page,
        )

        plugin_view.additional_properties = d
        return plugin_view

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
