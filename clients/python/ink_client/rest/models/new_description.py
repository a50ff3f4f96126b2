"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewDescription")


@_attrs_define
class NewDescription:
    """An HTCondor submit description or a Slurm batch script, as text or as the path of a file.

    Attributes:
        cluster (None | str | Unset): Cluster name; without it the default cluster.
        working_directory (None | str | Unset): From the home; without it that.
        text (None | str | Unset):
        path (None | str | Unset):
        schedd (None | str | Unset): Where the pool has several (HTCondor).
    """

    cluster: None | str | Unset = UNSET
    working_directory: None | str | Unset = UNSET
    text: None | str | Unset = UNSET
    path: None | str | Unset = UNSET
    schedd: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cluster: None | str | Unset
        if isinstance(self.cluster, Unset):
            cluster = UNSET
        else:
            cluster = self.cluster

        working_directory: None | str | Unset
        if isinstance(self.working_directory, Unset):
            working_directory = UNSET
        else:
            working_directory = self.working_directory

        text: None | str | Unset
        if isinstance(self.text, Unset):
            text = UNSET
        else:
            text = self.text

        path: None | str | Unset
        if isinstance(self.path, Unset):
            path = UNSET
        else:
            path = self.path

        schedd: None | str | Unset
        if isinstance(self.schedd, Unset):
            schedd = UNSET
        else:
            schedd = self.schedd

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if working_directory is not UNSET:
            field_dict["working_directory"] = working_directory
        if text is not UNSET:
            field_dict["text"] = text
        if path is not UNSET:
            field_dict["path"] = path
        if schedd is not UNSET:
            field_dict["schedd"] = schedd

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_cluster(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cluster = _parse_cluster(d.pop("cluster", UNSET))

        def _parse_working_directory(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        working_directory = _parse_working_directory(d.pop("working_directory", UNSET))

        def _parse_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text = _parse_text(d.pop("text", UNSET))

        def _parse_path(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        path = _parse_path(d.pop("path", UNSET))

        def _parse_schedd(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        schedd = _parse_schedd(d.pop("schedd", UNSET))

        new_description = cls(
            cluster=cluster,
            working_directory=working_directory,
            text=text,
            path=path,
            schedd=schedd,
        )

        return new_description
