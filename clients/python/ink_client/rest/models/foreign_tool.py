"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.foreign_tool_state import ForeignToolState
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.foreign_tool_definition_type_0 import ForeignToolDefinitionType0


T = TypeVar("T", bound="ForeignTool")


@_attrs_define
class ForeignTool:
    """`state`: `new`, `changed` and `unfit` tools are not used; nor are `gone` ones, which the server lists no more.

    `name` is the server's own, `tool` ours. `definition` is what the server tells now, where it is to be reviewed, and
    `sha256` its hash; `accepted_sha256` that of the accepted one. `problem` says why a tool is unfit.

        Attributes:
            name (str):
            tool (str):
            state (ForeignToolState):
            risk (str):
            scopes (list[str]):
            sha256 (None | str | Unset):
            accepted_sha256 (None | str | Unset):
            definition (ForeignToolDefinitionType0 | None | Unset):
            problem (None | str | Unset):
    """

    name: str
    tool: str
    state: ForeignToolState
    risk: str
    scopes: list[str]
    sha256: None | str | Unset = UNSET
    accepted_sha256: None | str | Unset = UNSET
    definition: ForeignToolDefinitionType0 | None | Unset = UNSET
    problem: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.foreign_tool_definition_type_0 import ForeignToolDefinitionType0  # noqa: PLC0415

        name = self.name

        tool = self.tool

        state = self.state.value

        risk = self.risk

        scopes = self.scopes

        sha256: None | str | Unset
        if isinstance(self.sha256, Unset):
            sha256 = UNSET
        else:
            sha256 = self.sha256

        accepted_sha256: None | str | Unset
        if isinstance(self.accepted_sha256, Unset):
            accepted_sha256 = UNSET
        else:
            accepted_sha256 = self.accepted_sha256

        definition: dict[str, Any] | None | Unset
        if isinstance(self.definition, Unset):
            definition = UNSET
        elif isinstance(self.definition, ForeignToolDefinitionType0):
            definition = self.definition.to_dict()
        else:
            definition = self.definition

        problem: None | str | Unset
        if isinstance(self.problem, Unset):
            problem = UNSET
        else:
            problem = self.problem

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "tool": tool,
                "state": state,
                "risk": risk,
                "scopes": scopes,
            }
        )
        if sha256 is not UNSET:
            field_dict["sha256"] = sha256
        if accepted_sha256 is not UNSET:
            field_dict["accepted_sha256"] = accepted_sha256
        if definition is not UNSET:
            field_dict["definition"] = definition
        if problem is not UNSET:
            field_dict["problem"] = problem

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.foreign_tool_definition_type_0 import ForeignToolDefinitionType0  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        tool = d.pop("tool")

        state = ForeignToolState(d.pop("state"))

        risk = d.pop("risk")

        scopes = cast(list[str], d.pop("scopes"))

        def _parse_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        sha256 = _parse_sha256(d.pop("sha256", UNSET))

        def _parse_accepted_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        accepted_sha256 = _parse_accepted_sha256(d.pop("accepted_sha256", UNSET))

        def _parse_definition(data: object) -> ForeignToolDefinitionType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                definition_type_0 = ForeignToolDefinitionType0.from_dict(data)

                return definition_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ForeignToolDefinitionType0 | None | Unset, data)

        definition = _parse_definition(d.pop("definition", UNSET))

        def _parse_problem(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        problem = _parse_problem(d.pop("problem", UNSET))

        foreign_tool = cls(
            name=name,
            tool=tool,
            state=state,
            risk=risk,
            scopes=scopes,
            sha256=sha256,
            accepted_sha256=accepted_sha256,
            definition=definition,
            problem=problem,
        )

        return foreign_tool
