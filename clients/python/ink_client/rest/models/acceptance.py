"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.acceptance_tools import AcceptanceTools


T = TypeVar("T", bound="Acceptance")


@_attrs_define
class Acceptance:
    """From then on exactly these tools of the server are used, each in the definition with this SHA-256.

    Attributes:
        tools (AcceptanceTools):
    """

    tools: AcceptanceTools

    def to_dict(self) -> dict[str, Any]:
        tools = self.tools.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tools": tools,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.acceptance_tools import AcceptanceTools  # noqa: PLC0415

        d = dict(src_dict)
        tools = AcceptanceTools.from_dict(d.pop("tools"))

        acceptance = cls(
            tools=tools,
        )

        return acceptance
