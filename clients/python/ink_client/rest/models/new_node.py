"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.node_job import NodeJob


T = TypeVar("T", bound="NewNode")


@_attrs_define
class NewNode:
    """`parents` are the nodes that must have ended well before this one begins.

    Attributes:
        name (str): Letters, digits, _ and -, a letter first.
        job (NodeJob): A script or program to run as one or several jobs; its paths begin where those of the DAG do.
        parents (list[str] | Unset):
    """

    name: str
    job: NodeJob
    parents: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        job = self.job.to_dict()

        parents: list[str] | Unset = UNSET
        if not isinstance(self.parents, Unset):
            parents = self.parents

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "job": job,
            }
        )
        if parents is not UNSET:
            field_dict["parents"] = parents

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_job import NodeJob  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        job = NodeJob.from_dict(d.pop("job"))

        parents = cast(list[str], d.pop("parents", UNSET))

        new_node = cls(
            name=name,
            job=job,
            parents=parents,
        )

        return new_node
