"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sub_agent_profile_worker import SubAgentProfileWorker

T = TypeVar("T", bound="SubAgentProfile")


@_attrs_define
class SubAgentProfile:
    """`tokens` and `minutes` are the most that a child of it may use up; its parent's budget may leave less.

    Attributes:
        name (str):
        description (str):
        tools (list[str]):
        scopes (list[str]):
        skills (list[str]):
        worker (SubAgentProfileWorker):
        tokens (int):
        minutes (int):
    """

    name: str
    description: str
    tools: list[str]
    scopes: list[str]
    skills: list[str]
    worker: SubAgentProfileWorker
    tokens: int
    minutes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        tools = self.tools

        scopes = self.scopes

        skills = self.skills

        worker = self.worker.value

        tokens = self.tokens

        minutes = self.minutes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "description": description,
                "tools": tools,
                "scopes": scopes,
                "skills": skills,
                "worker": worker,
                "tokens": tokens,
                "minutes": minutes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        tools = cast(list[str], d.pop("tools"))

        scopes = cast(list[str], d.pop("scopes"))

        skills = cast(list[str], d.pop("skills"))

        worker = SubAgentProfileWorker(d.pop("worker"))

        tokens = d.pop("tokens")

        minutes = d.pop("minutes")

        sub_agent_profile = cls(
            name=name,
            description=description,
            tools=tools,
            scopes=scopes,
            skills=skills,
            worker=worker,
            tokens=tokens,
            minutes=minutes,
        )

        sub_agent_profile.additional_properties = d
        return sub_agent_profile

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
