"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.foreign_server_view import ForeignServerView


T = TypeVar("T", bound="ForeignServerList")


@_attrs_define
class ForeignServerList:
    """
    Attributes:
        servers (list[ForeignServerView]):
    """

    servers: list[ForeignServerView]

    def to_dict(self) -> dict[str, Any]:
        servers = []
        for servers_item_data in self.servers:
            servers_item = servers_item_data.to_dict()
            servers.append(servers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "servers": servers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.foreign_server_view import ForeignServerView  # noqa: PLC0415

        d = dict(src_dict)
        servers = []
        _servers = d.pop("servers")
        for servers_item_data in _servers:
            servers_item = ForeignServerView.from_dict(servers_item_data)

            servers.append(servers_item)

        foreign_server_list = cls(
            servers=servers,
        )

        return foreign_server_list
