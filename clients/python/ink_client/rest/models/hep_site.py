"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.hep_site_experiments import HepSiteExperiments
    from ..models.hep_site_wall_times import HepSiteWallTimes


T = TypeVar("T", bound="HepSite")


@_attrs_define
class HepSite:
    """Wall times in seconds, by the names that `-wt` takes.

    Attributes:
        version (Literal[1]):
        default_group (str):
        default_os (str):
        operating_systems (list[str]):
        wall_times (HepSiteWallTimes):
        experiments (HepSiteExperiments):
    """

    version: Literal[1]
    default_group: str
    default_os: str
    operating_systems: list[str]
    wall_times: HepSiteWallTimes
    experiments: HepSiteExperiments

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        default_group = self.default_group

        default_os = self.default_os

        operating_systems = self.operating_systems

        wall_times = self.wall_times.to_dict()

        experiments = self.experiments.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "default_group": default_group,
                "default_os": default_os,
                "operating_systems": operating_systems,
                "wall_times": wall_times,
                "experiments": experiments,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hep_site_experiments import HepSiteExperiments  # noqa: PLC0415
        from ..models.hep_site_wall_times import HepSiteWallTimes  # noqa: PLC0415

        d = dict(src_dict)
        version = cast(Literal[1], d.pop("version"))
        if version != 1:
            raise ValueError(f"version must match const 1, got '{version}'")

        default_group = d.pop("default_group")

        default_os = d.pop("default_os")

        operating_systems = cast(list[str], d.pop("operating_systems"))

        wall_times = HepSiteWallTimes.from_dict(d.pop("wall_times"))

        experiments = HepSiteExperiments.from_dict(d.pop("experiments"))

        hep_site = cls(
            version=version,
            default_group=default_group,
            default_os=default_os,
            operating_systems=operating_systems,
            wall_times=wall_times,
            experiments=experiments,
        )

        return hep_site
