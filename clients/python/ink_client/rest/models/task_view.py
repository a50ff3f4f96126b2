"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.confidentiality import Confidentiality
from ..models.role import Role

if TYPE_CHECKING:
    from ..models.optional_measures import OptionalMeasures
    from ..models.task_member import TaskMember


T = TypeVar("T", bound="TaskView")


@_attrs_define
class TaskView:
    """`role` is the caller's; `budget` is what the agents of all its members may use up together, `confidentiality` the
    highest of its conversations and its memory.

        Attributes:
            task_id (str):
            title (str):
            owner (str):
            created_at (datetime.datetime):
            workspace (str):
            role (Role): `OWNER` also says who else is a member, and what may be spent.
            members (list[TaskMember]):
            budget (OptionalMeasures): The same as limits; null where there is none.
            confidentiality (Confidentiality): Who may see it, in rising order.
    """

    task_id: str
    title: str
    owner: str
    created_at: datetime.datetime
    workspace: str
    role: Role
    members: list[TaskMember]
    budget: OptionalMeasures
    confidentiality: Confidentiality
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        task_id = self.task_id

        title = self.title

        owner = self.owner

        created_at = self.created_at.isoformat()

        workspace = self.workspace

        role = self.role.value

        members = []
        for members_item_data in self.members:
            members_item = members_item_data.to_dict()
            members.append(members_item)

        budget = self.budget.to_dict()

        confidentiality = self.confidentiality.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "task_id": task_id,
                "title": title,
                "owner": owner,
                "created_at": created_at,
                "workspace": workspace,
                "role": role,
                "members": members,
                "budget": budget,
                "confidentiality": confidentiality,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.optional_measures import OptionalMeasures  # noqa: PLC0415
        from ..models.task_member import TaskMember  # noqa: PLC0415

        d = dict(src_dict)
        task_id = d.pop("task_id")

        title = d.pop("title")

        owner = d.pop("owner")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        workspace = d.pop("workspace")

        role = Role(d.pop("role"))

        members = []
        _members = d.pop("members")
        for members_item_data in _members:
            members_item = TaskMember.from_dict(members_item_data)

            members.append(members_item)

        budget = OptionalMeasures.from_dict(d.pop("budget"))

        confidentiality = Confidentiality(d.pop("confidentiality"))

        task_view = cls(
            task_id=task_id,
            title=title,
            owner=owner,
            created_at=created_at,
            workspace=workspace,
            role=role,
            members=members,
            budget=budget,
            confidentiality=confidentiality,
        )

        task_view.additional_properties = d
        return task_view

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
