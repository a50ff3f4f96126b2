"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.incident_kind import IncidentKind
from ..models.incident_state import IncidentState

if TYPE_CHECKING:
    from ..models.incident_step import IncidentStep
    from ..models.like_case import LikeCase


T = TypeVar("T", bound="IncidentView")


@_attrs_define
class IncidentView:
    """`users` is how many it affects and `owners` who, as far as the reader may know. `evidence` are ids of facts.

    Attributes:
        incident_id (str):
        kind (IncidentKind):
        state (IncidentState): `RESOLVED`: its signs are gone, and nobody has said yet what it was. `MERGED`: it is a
            part of another one.
        title (str):
        subject (str): Node of the global model: kind:name.
        cluster (None | str):
        severe (bool):
        flapping (bool):
        text (str):
        opened_at (datetime.datetime):
        changed_at (datetime.datetime):
        resolved_at (datetime.datetime | None):
        job_count (int):
        merged_into (None | str):
        users (int):
        owners (list[str]):
        jobs (list[str]):
        evidence (list[str]):
        course (list[IncidentStep]):
        merged (list[str]):
        closed_at (datetime.datetime | None):
        closed_by (None | str):
        cause (None | str):
        helped (None | str):
        causes (list[str]):
        like (list[LikeCase]):
    """

    incident_id: str
    kind: IncidentKind
    state: IncidentState
    title: str
    subject: str
    cluster: None | str
    severe: bool
    flapping: bool
    text: str
    opened_at: datetime.datetime
    changed_at: datetime.datetime
    resolved_at: datetime.datetime | None
    job_count: int
    merged_into: None | str
    users: int
    owners: list[str]
    jobs: list[str]
    evidence: list[str]
    course: list[IncidentStep]
    merged: list[str]
    closed_at: datetime.datetime | None
    closed_by: None | str
    cause: None | str
    helped: None | str
    causes: list[str]
    like: list[LikeCase]

    def to_dict(self) -> dict[str, Any]:
        incident_id = self.incident_id

        kind = self.kind.value

        state = self.state.value

        title = self.title

        subject = self.subject

        cluster: None | str
        cluster = self.cluster

        severe = self.severe

        flapping = self.flapping

        text = self.text

        opened_at = self.opened_at.isoformat()

        changed_at = self.changed_at.isoformat()

        resolved_at: None | str
        if isinstance(self.resolved_at, datetime.datetime):
            resolved_at = self.resolved_at.isoformat()
        else:
            resolved_at = self.resolved_at

        job_count = self.job_count

        merged_into: None | str
        merged_into = self.merged_into

        users = self.users

        owners = self.owners

        jobs = self.jobs

        evidence = self.evidence

        course = []
        for course_item_data in self.course:
            course_item = course_item_data.to_dict()
            course.append(course_item)

        merged = self.merged

        closed_at: None | str
        if isinstance(self.closed_at, datetime.datetime):
            closed_at = self.closed_at.isoformat()
        else:
            closed_at = self.closed_at

        closed_by: None | str
        closed_by = self.closed_by

        cause: None | str
        cause = self.cause

        helped: None | str
        helped = self.helped

        causes = self.causes

        like = []
        for like_item_data in self.like:
            like_item = like_item_data.to_dict()
            like.append(like_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "incident_id": incident_id,
                "kind": kind,
                "state": state,
                "title": title,
                "subject": subject,
                "cluster": cluster,
                "severe": severe,
                "flapping": flapping,
                "text": text,
                "opened_at": opened_at,
                "changed_at": changed_at,
                "resolved_at": resolved_at,
                "job_count": job_count,
                "merged_into": merged_into,
                "users": users,
                "owners": owners,
                "jobs": jobs,
                "evidence": evidence,
                "course": course,
                "merged": merged,
                "closed_at": closed_at,
                "closed_by": closed_by,
                "cause": cause,
                "helped": helped,
                "causes": causes,
                "like": like,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.incident_step import IncidentStep  # noqa: PLC0415
        from ..models.like_case import LikeCase  # noqa: PLC0415

        d = dict(src_dict)
        incident_id = d.pop("incident_id")

        kind = IncidentKind(d.pop("kind"))

        state = IncidentState(d.pop("state"))

        title = d.pop("title")

        subject = d.pop("subject")

        def _parse_cluster(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cluster = _parse_cluster(d.pop("cluster"))

        severe = d.pop("severe")

        flapping = d.pop("flapping")

        text = d.pop("text")

        opened_at = datetime.datetime.fromisoformat(d.pop("opened_at"))

        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))

        def _parse_resolved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_at_type_0 = datetime.datetime.fromisoformat(data)

                return resolved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resolved_at = _parse_resolved_at(d.pop("resolved_at"))

        job_count = d.pop("job_count")

        def _parse_merged_into(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        merged_into = _parse_merged_into(d.pop("merged_into"))

        users = d.pop("users")

        owners = cast(list[str], d.pop("owners"))

        jobs = cast(list[str], d.pop("jobs"))

        evidence = cast(list[str], d.pop("evidence"))

        course = []
        _course = d.pop("course")
        for course_item_data in _course:
            course_item = IncidentStep.from_dict(course_item_data)

            course.append(course_item)

        merged = cast(list[str], d.pop("merged"))

        def _parse_closed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_at_type_0 = datetime.datetime.fromisoformat(data)

                return closed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closed_at = _parse_closed_at(d.pop("closed_at"))

        def _parse_closed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        closed_by = _parse_closed_by(d.pop("closed_by"))

        def _parse_cause(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cause = _parse_cause(d.pop("cause"))

        def _parse_helped(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        helped = _parse_helped(d.pop("helped"))

        causes = cast(list[str], d.pop("causes"))

        like = []
        _like = d.pop("like")
        for like_item_data in _like:
            like_item = LikeCase.from_dict(like_item_data)

            like.append(like_item)

        incident_view = cls(
            incident_id=incident_id,
            kind=kind,
            state=state,
            title=title,
            subject=subject,
            cluster=cluster,
            severe=severe,
            flapping=flapping,
            text=text,
            opened_at=opened_at,
            changed_at=changed_at,
            resolved_at=resolved_at,
            job_count=job_count,
            merged_into=merged_into,
            users=users,
            owners=owners,
            jobs=jobs,
            evidence=evidence,
            course=course,
            merged=merged,
            closed_at=closed_at,
            closed_by=closed_by,
            cause=cause,
            helped=helped,
            causes=causes,
            like=like,
        )

        return incident_view
