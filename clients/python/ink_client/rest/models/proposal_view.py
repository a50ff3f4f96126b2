"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.proposal_view_arguments import ProposalViewArguments


T = TypeVar("T", bound="ProposalView")


@_attrs_define
class ProposalView:
    """A call that could be made about it; nothing is done before somebody asks for it, and then it takes the gate.

    Attributes:
        name (str):
        tool (str):
        arguments (ProposalViewArguments):
        why (str):
    """

    name: str
    tool: str
    arguments: ProposalViewArguments
    why: str

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        tool = self.tool

        arguments = self.arguments.to_dict()

        why = self.why

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "tool": tool,
                "arguments": arguments,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.proposal_view_arguments import ProposalViewArguments  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        tool = d.pop("tool")

        arguments = ProposalViewArguments.from_dict(d.pop("arguments"))

        why = d.pop("why")

        proposal_view = cls(
            name=name,
            tool=tool,
            arguments=arguments,
            why=why,
        )

        return proposal_view
