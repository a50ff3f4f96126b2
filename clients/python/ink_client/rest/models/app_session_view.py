"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.state import State

T = TypeVar("T", bound="AppSessionView")


@_attrs_define
class AppSessionView:
    """A session now. `path` leads to it through the proxy while it is ready; `reason` is why it is not.

    `url` is the same with the proxy's address, where a site has one.

    `estimate_s` is how much longer it may take until it is ready, from how long others took on that cluster.

        Attributes:
            session_id (str):
            app (str):
            user (str):
            cluster (str):
            job_id (None | str):
            state (State):
            reason (None | str):
            estimate_s (float | None):
            node (None | str):
            port (int | None):
            path (None | str):
            url (None | str):
            folder (str):
            cpus (int):
            memory_mb (int):
            gpus (int):
            wall_time_s (int):
            launched_at (datetime.datetime):
            ready_at (datetime.datetime | None):
            ends_at (datetime.datetime | None):
    """

    session_id: str
    app: str
    user: str
    cluster: str
    job_id: None | str
    state: State
    reason: None | str
    estimate_s: float | None
    node: None | str
    port: int | None
    path: None | str
    url: None | str
    folder: str
    cpus: int
    memory_mb: int
    gpus: int
    wall_time_s: int
    launched_at: datetime.datetime
    ready_at: datetime.datetime | None
    ends_at: datetime.datetime | None

    def to_dict(self) -> dict[str, Any]:
        session_id = self.session_id

        app = self.app

        user = self.user

        cluster = self.cluster

        job_id: None | str
        job_id = self.job_id

        state = self.state.value

        reason: None | str
        reason = self.reason

        estimate_s: float | None
        estimate_s = self.estimate_s

        node: None | str
        node = self.node

        port: int | None
        port = self.port

        path: None | str
        path = self.path

        url: None | str
        url = self.url

        folder = self.folder

        cpus = self.cpus

        memory_mb = self.memory_mb

        gpus = self.gpus

        wall_time_s = self.wall_time_s

        launched_at = self.launched_at.isoformat()

        ready_at: None | str
        if isinstance(self.ready_at, datetime.datetime):
            ready_at = self.ready_at.isoformat()
        else:
            ready_at = self.ready_at

        ends_at: None | str
        if isinstance(self.ends_at, datetime.datetime):
            ends_at = self.ends_at.isoformat()
        else:
            ends_at = self.ends_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "session_id": session_id,
                "app": app,
                "user": user,
                "cluster": cluster,
                "job_id": job_id,
                "state": state,
                "reason": reason,
                "estimate_s": estimate_s,
                "node": node,
                "port": port,
                "path": path,
                "url": url,
                "folder": folder,
                "cpus": cpus,
                "memory_mb": memory_mb,
                "gpus": gpus,
                "wall_time_s": wall_time_s,
                "launched_at": launched_at,
                "ready_at": ready_at,
                "ends_at": ends_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        session_id = d.pop("session_id")

        app = d.pop("app")

        user = d.pop("user")

        cluster = d.pop("cluster")

        def _parse_job_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        job_id = _parse_job_id(d.pop("job_id"))

        state = State(d.pop("state"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_estimate_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        estimate_s = _parse_estimate_s(d.pop("estimate_s"))

        def _parse_node(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        node = _parse_node(d.pop("node"))

        def _parse_port(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        port = _parse_port(d.pop("port"))

        def _parse_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        path = _parse_path(d.pop("path"))

        def _parse_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        url = _parse_url(d.pop("url"))

        folder = d.pop("folder")

        cpus = d.pop("cpus")

        memory_mb = d.pop("memory_mb")

        gpus = d.pop("gpus")

        wall_time_s = d.pop("wall_time_s")

        launched_at = datetime.datetime.fromisoformat(d.pop("launched_at"))

        def _parse_ready_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ready_at_type_0 = datetime.datetime.fromisoformat(data)

                return ready_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ready_at = _parse_ready_at(d.pop("ready_at"))

        def _parse_ends_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ends_at_type_0 = datetime.datetime.fromisoformat(data)

                return ends_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ends_at = _parse_ends_at(d.pop("ends_at"))

        app_session_view = cls(
            session_id=session_id,
            app=app,
            user=user,
            cluster=cluster,
            job_id=job_id,
            state=state,
            reason=reason,
            estimate_s=estimate_s,
            node=node,
            port=port,
            path=path,
            url=url,
            folder=folder,
            cpus=cpus,
            memory_mb=memory_mb,
            gpus=gpus,
            wall_time_s=wall_time_s,
            launched_at=launched_at,
            ready_at=ready_at,
            ends_at=ends_at,
        )

        return app_session_view
