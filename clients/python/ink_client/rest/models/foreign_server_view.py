"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.foreign_server_view_kind import ForeignServerViewKind
from ..models.foreign_server_view_trust import ForeignServerViewTrust

if TYPE_CHECKING:
    from ..models.foreign_tool import ForeignTool


T = TypeVar("T", bound="ForeignServerView")


@_attrs_define
class ForeignServerView:
    """`at`: its address, or the name of its program. `problem`: why it is not connected.

    Attributes:
        name (str):
        kind (ForeignServerViewKind):
        at (str):
        trust (ForeignServerViewTrust):
        connected (bool):
        problem (None | str):
        tools (list[ForeignTool]):
    """

    name: str
    kind: ForeignServerViewKind
    at: str
    trust: ForeignServerViewTrust
    connected: bool
    problem: None | str
    tools: list[ForeignTool]

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        kind = self.kind.value

        at = self.at

        trust = self.trust.value

        connected = self.connected

        problem: None | str
        problem = self.problem

        tools = []
        for tools_item_data in self.tools:
            tools_item = tools_item_data.to_dict()
            tools.append(tools_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "kind": kind,
                "at": at,
                "trust": trust,
                "connected": connected,
                "problem": problem,
                "tools": tools,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.foreign_tool import ForeignTool  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        kind = ForeignServerViewKind(d.pop("kind"))

        at = d.pop("at")

        trust = ForeignServerViewTrust(d.pop("trust"))

        connected = d.pop("connected")

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        tools = []
        _tools = d.pop("tools")
        for tools_item_data in _tools:
            tools_item = ForeignTool.from_dict(tools_item_data)

            tools.append(tools_item)

        foreign_server_view = cls(
            name=name,
            kind=kind,
            at=at,
            trust=trust,
            connected=connected,
            problem=problem,
            tools=tools,
        )

        return foreign_server_view
