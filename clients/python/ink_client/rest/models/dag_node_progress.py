"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_state import JobState
from ..types import UNSET, Unset

T = TypeVar("T", bound="DagNodeProgress")


@_attrs_define
class DagNodeProgress:
    """`job_ids` is empty for a node that DAGMan has not submitted, yet or ever; `parents` as far as they are known.

    Attributes:
        name (str):
        state (JobState): INK's own state words, and `SUSPENDED`, for which it has none.
        job_ids (list[str]):
        reason (None | str):
        parents (list[str] | Unset):
    """

    name: str
    state: JobState
    job_ids: list[str]
    reason: None | str
    parents: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        state = self.state.value

        job_ids = self.job_ids

        reason: None | str
        reason = self.reason

        parents: list[str] | Unset = UNSET
        if not isinstance(self.parents, Unset):
            parents = self.parents

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "state": state,
                "job_ids": job_ids,
                "reason": reason,
            }
        )
        if parents is not UNSET:
            field_dict["parents"] = parents

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        state = JobState(d.pop("state"))

        job_ids = cast(list[str], d.pop("job_ids"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        parents = cast(list[str], d.pop("parents", UNSET))

        dag_node_progress = cls(
            name=name,
            state=state,
            job_ids=job_ids,
            reason=reason,
            parents=parents,
        )

        return dag_node_progress
