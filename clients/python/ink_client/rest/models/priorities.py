"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.measure import Measure
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_priority import UserPriority


T = TypeVar("T", bound="Priorities")


@_attrs_define
class Priorities:
    """`users` in the order in which they are served.

    Attributes:
        cluster (str):
        observed_at (datetime.datetime):
        measure (Measure): What `value` is: HTCondor's `effective_priority`, small ones first, or Slurm's `fair_share`,
            0 to 1, the best.

            With `none` the scheduler weighs no users: jobs come first by their own priority and age.
        users (list[UserPriority] | Unset):
    """

    cluster: str
    observed_at: datetime.datetime
    measure: Measure
    users: list[UserPriority] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        observed_at = self.observed_at.isoformat()

        measure = self.measure.value

        users: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.users, Unset):
            users = []
            for users_item_data in self.users:
                users_item = users_item_data.to_dict()
                users.append(users_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "observed_at": observed_at,
                "measure": measure,
            }
        )
        if users is not UNSET:
            field_dict["users"] = users

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_priority import UserPriority  # noqa: PLC0415

        d = dict(src_dict)
        cluster = d.pop("cluster")

        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        measure = Measure(d.pop("measure"))

        _users = d.pop("users", UNSET)
        users: list[UserPriority] | Unset = UNSET
        if _users is not UNSET:
            users = []
            for users_item_data in _users:
                users_item = UserPriority.from_dict(users_item_data)

                users.append(users_item)

        priorities = cls(
            cluster=cluster,
            observed_at=observed_at,
            measure=measure,
            users=users,
        )

        return priorities
