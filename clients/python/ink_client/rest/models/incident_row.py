"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.incident_kind import IncidentKind
from ..models.incident_state import IncidentState

T = TypeVar("T", bound="IncidentRow")


@_attrs_define
class IncidentRow:
    """`job_count` are the jobs named in it that the reader may see.

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
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
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

        incident_row = cls(
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
        )

        return incident_row
