"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="OwnMatterView")


@_attrs_define
class OwnMatterView:
    """What is the reader's own matter and no incident: many jobs held with one reason, or failing at once.

    `jobs` is how many; `first` are the first of them.

        Attributes:
            cluster (str):
            text (str):
            jobs (int):
            first (list[str]):
    """

    cluster: str
    text: str
    jobs: int
    first: list[str]

    def to_dict(self) -> dict[str, Any]:
        cluster = self.cluster

        text = self.text

        jobs = self.jobs

        first = self.first

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cluster": cluster,
                "text": text,
                "jobs": jobs,
                "first": first,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cluster = d.pop("cluster")

        text = d.pop("text")

        jobs = d.pop("jobs")

        first = cast(list[str], d.pop("first"))

        own_matter_view = cls(
            cluster=cluster,
            text=text,
            jobs=jobs,
            first=first,
        )

        return own_matter_view
