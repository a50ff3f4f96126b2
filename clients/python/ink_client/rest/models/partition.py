"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Partition")


@_attrs_define
class Partition:
    """A queue of Slurm. `longest_s` is the longest wall time that it allows. Where nobody is named all may use it.

    Attributes:
        name (str):
        state (str):
        nodes (int | Unset):  Default: 0.
        cpus (int | Unset):  Default: 0.
        longest_s (int | None | Unset):
        allowed_groups (list[str] | Unset):
        allowed_accounts (list[str] | Unset):
    """

    name: str
    state: str
    nodes: int | Unset = 0
    cpus: int | Unset = 0
    longest_s: int | None | Unset = UNSET
    allowed_groups: list[str] | Unset = UNSET
    allowed_accounts: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state = self.state

        nodes = self.nodes

        cpus = self.cpus

        longest_s: int | None | Unset
        if isinstance(self.longest_s, Unset):
            longest_s = UNSET
        else:
            longest_s = self.longest_s

        allowed_groups: list[str] | Unset = UNSET
        if not isinstance(self.allowed_groups, Unset):
            allowed_groups = self.allowed_groups

        allowed_accounts: list[str] | Unset = UNSET
        if not isinstance(self.allowed_accounts, Unset):
            allowed_accounts = self.allowed_accounts

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "state": state,
            }
        )
        if nodes is not UNSET:
            field_dict["nodes"] = nodes
        if cpus is not UNSET:
            field_dict["cpus"] = cpus
        if longest_s is not UNSET:
            field_dict["longest_s"] = longest_s
        if allowed_groups is not UNSET:
            field_dict["allowed_groups"] = allowed_groups
        if allowed_accounts is not UNSET:
            field_dict["allowed_accounts"] = allowed_accounts

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = d.pop("state")

        nodes = d.pop("nodes", UNSET)

        cpus = d.pop("cpus", UNSET)

        def _parse_longest_s(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        longest_s = _parse_longest_s(d.pop("longest_s", UNSET))

        allowed_groups = cast(list[str], d.pop("allowed_groups", UNSET))

        allowed_accounts = cast(list[str], d.pop("allowed_accounts", UNSET))

        partition = cls(
            name=name,
            state=state,
            nodes=nodes,
            cpus=cpus,
            longest_s=longest_s,
            allowed_groups=allowed_groups,
            allowed_accounts=allowed_accounts,
        )

        return partition
