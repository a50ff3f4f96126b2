"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Registration")


@_attrs_define
class Registration:
    """Body of the callback. `node` is the name of the machine as it calls itself.

    Attributes:
        session_id (str):
        token (str):
        node (str):
        port (int):
    """

    session_id: str
    token: str
    node: str
    port: int

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        token = self.token

        node = self.node

        port = self.port

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "session_id": session_id,
                "token": token,
                "node": node,
                "port": port,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        token = d.pop("token")

        node = d.pop("node")

        port = d.pop("port")

        registration = cls(
            session_id=session_id,
            token=token,
            node=node,
            port=port,
        )

        return registration
