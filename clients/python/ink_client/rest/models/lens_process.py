"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LensProcess")


@_attrs_define
class LensProcess:
    """One process, as it was at `time`; `started` too is in seconds since the epoch.

    Attributes:
        host (str):
        time (float):
        pid (int):
        ppid (int):
        name (str):
        utime_ns (int):
        stime_ns (int):
        started (float):
        vm_bytes (int):
        rss_bytes (int):
        rss_peak_bytes (int):
        swap_bytes (int):
        threads (int):
        rchar (int):
        wchar (int):
        read_bytes (int):
        write_bytes (int):
    """

    host: str
    time: float
    pid: int
    ppid: int
    name: str
    utime_ns: int
    stime_ns: int
    started: float
    vm_bytes: int
    rss_bytes: int
    rss_peak_bytes: int
    swap_bytes: int
    threads: int
    rchar: int
    wchar: int
    read_bytes: int
    write_bytes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        time = self.time

        pid = self.pid

        ppid = self.ppid

        name = self.name

        utime_ns = self.utime_ns

        stime_ns = self.stime_ns

        started = self.started

        vm_bytes = self.vm_bytes

        rss_bytes = self.rss_bytes

        rss_peak_bytes = self.rss_peak_bytes

        swap_bytes = self.swap_bytes

        threads = self.threads

        rchar = self.rchar

        wchar = self.wchar

        read_bytes = self.read_bytes

        write_bytes = self.write_bytes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "host": host,
                "time": time,
                "pid": pid,
                "ppid": ppid,
                "name": name,
                "utime_ns": utime_ns,
                "stime_ns": stime_ns,
                "started": started,
                "vm_bytes": vm_bytes,
                "rss_bytes": rss_bytes,
                "rss_peak_bytes": rss_peak_bytes,
                "swap_bytes": swap_bytes,
                "threads": threads,
                "rchar": rchar,
                "wchar": wchar,
                "read_bytes": read_bytes,
                "write_bytes": write_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        time = d.pop("time")

        pid = d.pop("pid")

        ppid = d.pop("ppid")

        name = d.pop("name")

        utime_ns = d.pop("utime_ns")

        stime_ns = d.pop("stime_ns")

        started = d.pop("started")

        vm_bytes = d.pop("vm_bytes")

        rss_bytes = d.pop("rss_bytes")

        rss_peak_bytes = d.pop("rss_peak_bytes")

        swap_bytes = d.pop("swap_bytes")

        threads = d.pop("threads")

        rchar = d.pop("rchar")

        wchar = d.pop("wchar")

        read_bytes = d.pop("read_bytes")

        write_bytes = d.pop("write_bytes")

        lens_process = cls(
            host=host,
            time=time,
            pid=pid,
            ppid=ppid,
            name=name,
            utime_ns=utime_ns,
            stime_ns=stime_ns,
            started=started,
            vm_bytes=vm_bytes,
            rss_bytes=rss_bytes,
            rss_peak_bytes=rss_peak_bytes,
            swap_bytes=swap_bytes,
            threads=threads,
            rchar=rchar,
            wchar=wchar,
            read_bytes=read_bytes,
            write_bytes=write_bytes,
        )

        lens_process.additional_properties = d
        return lens_process

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
