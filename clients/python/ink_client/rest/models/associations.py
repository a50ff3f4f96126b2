"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Associations")


@_attrs_define
class Associations:
    """What a user may name in a submission on one cluster; empty where there is nothing to choose.

    Attributes:
        accounts (list[str] | Unset):
        qos (list[str] | Unset):
        partitions (list[str] | Unset):
    """

    accounts: list[str] | Unset = UNSET
    qos: list[str] | Unset = UNSET
    partitions: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        accounts: list[str] | Unset = UNSET
        if not isinstance(self.accounts, Unset):
            accounts = self.accounts

        qos: list[str] | Unset = UNSET
        if not isinstance(self.qos, Unset):
            qos = self.qos

        partitions: list[str] | Unset = UNSET
        if not isinstance(self.partitions, Unset):
            partitions = self.partitions

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if accounts is not UNSET:
            field_dict["accounts"] = accounts
        if qos is not UNSET:
            field_dict["qos"] = qos
        if partitions is not UNSET:
            field_dict["partitions"] = partitions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        accounts = cast(list[str], d.pop("accounts", UNSET))

        qos = cast(list[str], d.pop("qos", UNSET))

        partitions = cast(list[str], d.pop("partitions", UNSET))

        associations = cls(
            accounts=accounts,
            qos=qos,
            partitions=partitions,
        )

        return associations
