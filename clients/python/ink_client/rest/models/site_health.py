"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.site_health_status import SiteHealthStatus

if TYPE_CHECKING:
    from ..models.cluster_state import ClusterState
    from ..models.file_system_state import FileSystemState
    from ..models.incident_row import IncidentRow
    from ..models.lens_state import LensState
    from ..models.own_matter_view import OwnMatterView


T = TypeVar("T", bound="SiteHealth")


@_attrs_define
class SiteHealth:
    """`status` is the worst of what is told below it; the incidents are those that the reader may see.

    `own` is told to nobody else.

        Attributes:
            observed_at (datetime.datetime):
            status (SiteHealthStatus):
            clusters (list[ClusterState]):
            file_systems (list[FileSystemState]):
            joblens (LensState): `hosts` are the nodes whose collectors were heard in the last minutes.
            incidents (list[IncidentRow]):
            own (list[OwnMatterView]):
    """

    observed_at: datetime.datetime
    status: SiteHealthStatus
    clusters: list[ClusterState]
    file_systems: list[FileSystemState]
    joblens: LensState
    incidents: list[IncidentRow]
    own: list[OwnMatterView]

    def to_dict(self) -> dict[str, Any]:
        observed_at = self.observed_at.isoformat()

        status = self.status.value

        clusters = []
        for clusters_item_data in self.clusters:
            clusters_item = clusters_item_data.to_dict()
            clusters.append(clusters_item)

        file_systems = []
        for file_systems_item_data in self.file_systems:
            file_systems_item = file_systems_item_data.to_dict()
            file_systems.append(file_systems_item)

        joblens = self.joblens.to_dict()

        incidents = []
        for incidents_item_data in self.incidents:
            incidents_item = incidents_item_data.to_dict()
            incidents.append(incidents_item)

        own = []
        for own_item_data in self.own:
            own_item = own_item_data.to_dict()
            own.append(own_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "observed_at": observed_at,
                "status": status,
                "clusters": clusters,
                "file_systems": file_systems,
                "joblens": joblens,
                "incidents": incidents,
                "own": own,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cluster_state import ClusterState  # noqa: PLC0415
        from ..models.file_system_state import FileSystemState  # noqa: PLC0415
        from ..models.incident_row import IncidentRow  # noqa: PLC0415
        from ..models.lens_state import LensState  # noqa: PLC0415
        from ..models.own_matter_view import OwnMatterView  # noqa: PLC0415

        d = dict(src_dict)
        observed_at = datetime.datetime.fromisoformat(d.pop("observed_at"))

        status = SiteHealthStatus(d.pop("status"))

        clusters = []
        _clusters = d.pop("clusters")
        for clusters_item_data in _clusters:
            clusters_item = ClusterState.from_dict(clusters_item_data)

            clusters.append(clusters_item)

        file_systems = []
        _file_systems = d.pop("file_systems")
        for file_systems_item_data in _file_systems:
            file_systems_item = FileSystemState.from_dict(file_systems_item_data)

            file_systems.append(file_systems_item)

        joblens = LensState.from_dict(d.pop("joblens"))

        incidents = []
        _incidents = d.pop("incidents")
        for incidents_item_data in _incidents:
            incidents_item = IncidentRow.from_dict(incidents_item_data)

            incidents.append(incidents_item)

        own = []
        _own = d.pop("own")
        for own_item_data in _own:
            own_item = OwnMatterView.from_dict(own_item_data)

            own.append(own_item)

        site_health = cls(
            observed_at=observed_at,
            status=status,
            clusters=clusters,
            file_systems=file_systems,
            joblens=joblens,
            incidents=incidents,
            own=own,
        )

        return site_health
