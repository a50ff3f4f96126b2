"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.scope import Scope
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewToken")


@_attrs_define
class NewToken:
    """
    Attributes:
        name (str):
        scopes (list[Scope]):
        lifetime_s (int):
        jobs (int | None | Unset): How many it may submit in all.
        requests_per_minute (int | None | Unset): How many it may send.
    """

    name: str
    scopes: list[Scope]
    lifetime_s: int
    jobs: int | None | Unset = UNSET
    requests_per_minute: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        scopes = []
        for scopes_item_data in self.scopes:
            scopes_item = scopes_item_data.value
            scopes.append(scopes_item)

        lifetime_s = self.lifetime_s

        jobs: int | None | Unset
        if isinstance(self.jobs, Unset):
            jobs = UNSET
        else:
            jobs = self.jobs

        requests_per_minute: int | None | Unset
        if isinstance(self.requests_per_minute, Unset):
            requests_per_minute = UNSET
        else:
            requests_per_minute = self.requests_per_minute

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "scopes": scopes,
                "lifetime_s": lifetime_s,
            }
        )
        if jobs is not UNSET:
            field_dict["jobs"] = jobs
        if requests_per_minute is not UNSET:
            field_dict["requests_per_minute"] = requests_per_minute

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        scopes = []
        _scopes = d.pop("scopes")
        for scopes_item_data in _scopes:
            scopes_item = Scope(scopes_item_data)

            scopes.append(scopes_item)

        lifetime_s = d.pop("lifetime_s")

        def _parse_jobs(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        jobs = _parse_jobs(d.pop("jobs", UNSET))

        def _parse_requests_per_minute(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        requests_per_minute = _parse_requests_per_minute(d.pop("requests_per_minute", UNSET))

        new_token = cls(
            name=name,
            scopes=scopes,
            lifetime_s=lifetime_s,
            jobs=jobs,
            requests_per_minute=requests_per_minute,
        )

        return new_token
