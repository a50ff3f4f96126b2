"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_state import JobState

T = TypeVar("T", bound="Explanation")


@_attrs_define
class Explanation:
    """Why a job is where it is: the scheduler's facts first, then what the user can do.

    Attributes:
        job_id (str):
        state (JobState): INK's own state words, and `SUSPENDED`, for which it has none.
        summary (str):
        evidence (list[str]):
        proposals (list[str]):
    """

    job_id: str
    state: JobState
    summary: str
    evidence: list[str]
    proposals: list[str]

    def to_dict(self) -> dict[str, Any]:
        job_id = self.job_id

        state = self.state.value

        summary = self.summary

        evidence = self.evidence

        proposals = self.proposals

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "job_id": job_id,
                "state": state,
                "summary": summary,
                "evidence": evidence,
                "proposals": proposals,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        job_id = d.pop("job_id")

        state = JobState(d.pop("state"))

        summary = d.pop("summary")

        evidence = cast(list[str], d.pop("evidence"))

        proposals = cast(list[str], d.pop("proposals"))

        explanation = cls(
            job_id=job_id,
            state=state,
            summary=summary,
            evidence=evidence,
            proposals=proposals,
        )

        return explanation
