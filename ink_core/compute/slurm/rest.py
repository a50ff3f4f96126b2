"""One client of slurmrestd: authentication by a token of this process's own user, and what its errors mean.

The token comes from `scontrol token` and is renewed before it expires; it stays in memory.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote

import httpx2
from pydantic import JsonValue

from ink_core.compute.options import SlurmOptions
from ink_core.compute.own_user import own_user
from ink_core.compute.slurm.records import Record
from ink_core.errors import JobNotFound, SchedulerDown, SchedulerRefused

_RENEW_BEFORE_S = 30
_INVALID_JOB_ID = 2017
_NO_SUCH_NODE = 2014
_FIRST_REFUSAL = 2000
"""Slurm's error numbers from here on are about the request; those below are about the connection (slurm_errno.h)."""


class SlurmRest:
    """Blocking and safe to share between threads. Every call raises `SchedulerDown` within `deadline_s` per phase."""

    def __init__(self, options: SlurmOptions, transport: httpx2.BaseTransport | None = None) -> None:
        self.options = options
        self._client = httpx2.Client(base_url=options.url, timeout=options.deadline_s, transport=transport)
        self._token = ""
        self._renew_at = 0.0
        self._lock = threading.Lock()

    def close(self) -> None:
        self._client.close()

    def jobs(self) -> Sequence[Record]:
        return self._request("GET", "/jobs/", None)["jobs"]

    def job(self, job_id: str) -> Sequence[Record]:
        try:
            return self._request("GET", f"/job/{quote(job_id, safe='')}", None)["jobs"]
        except JobNotFound:
            return ()

    def nodes(self) -> Sequence[Record]:
        return self._request("GET", "/nodes/", None)["nodes"]

    def partitions(self) -> Sequence[Record]:
        return self._request("GET", "/partitions/", None)["partitions"]

    def associations(self, user: str) -> Sequence[Record]:
        return self._accounting(f"/associations/?user={quote(user)}")["associations"]

    def accounted(self, user: str) -> Sequence[Record]:
        since = int(time.time() - self.options.history_s)
        return self._accounting(f"/jobs/?users={quote(user)}&start_time={since}")["jobs"]

    def shares(self) -> Sequence[Record]:
        return self._request("GET", "/shares", None)["shares"]["shares"]

    def submit(self, script: str, job: Mapping[str, JsonValue]) -> str:
        return str(self._request("POST", "/job/submit", {"script": script, "job": dict(job)})["job_id"])

    def signal(self, job_ids: Sequence[str], signal: str | None) -> Mapping[str, str]:
        if not job_ids:
            return {}
        body: dict[str, JsonValue] = {"jobs": list[JsonValue](job_ids), "flags": ["VERBOSE"]}
        if signal is not None:
            body |= {"signal": signal, "flags": ["VERBOSE", "FULL_JOB"]}
        answer = self._request("DELETE", "/jobs/", body)
        failures = {str(status.get("step_id")): _failure(status) for status in answer.get("status") or ()}
        return {job_id: words for job_id in job_ids if (words := failures.get(job_id))}

    def _accounting(self, path: str) -> Mapping[str, Any]:
        return self._request("GET", path, None, part="slurmdb")

    def _request(self, method: str, path: str, body: JsonValue, part: str = "slurm") -> Mapping[str, Any]:
        answer = self._send(method, part, path, body)
        if answer.status_code in (401, 403, 511):
            self._renew_at = 0.0
            answer = self._send(method, part, path, body)
        try:
            content = json.loads(answer.content.decode("utf-8", "replace"))  # names of jobs may be no text
        except ValueError:
            raise SchedulerDown(f"slurmrestd answered HTTP {answer.status_code} and no JSON") from None
        if not isinstance(content, dict):
            raise SchedulerDown("slurmrestd answered with something that is no JSON object")
        fields = cast(dict[str, Any], content)
        _raise_for(answer.status_code, fields.get("errors") or [])
        return fields

    def _send(self, method: str, part: str, path: str, body: JsonValue) -> httpx2.Response:
        headers = {"X-SLURM-USER-NAME": own_user(), "X-SLURM-USER-TOKEN": self._valid_token()}
        url = f"/{part}/{self.options.api_version}{path}"
        try:
            return self._client.request(method, url, headers=headers, json=body)
        except httpx2.HTTPError as error:
            words = str(error) or type(error).__name__
            raise SchedulerDown(f"slurmrestd at {self.options.url} does not answer: {words}") from error

    def _valid_token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._token = self._new_token()
                self._renew_at = time.monotonic() + self.options.token_lifetime_s - _RENEW_BEFORE_S
            return self._token

    def _new_token(self) -> str:
        argv = [self.options.scontrol, "token", f"lifespan={self.options.token_lifetime_s}"]
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=self.options.deadline_s, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SchedulerDown(f"no token for Slurm: {argv[0]} failed: {error}") from error
        name, _, token = done.stdout.strip().partition("=")
        if done.returncode != 0 or name != "SLURM_JWT" or not token:
            raise SchedulerDown(f"no token for Slurm: {argv[0]} token said: {done.stderr.strip() or 'nothing'}")
        return token


def _raise_for(status: int, errors: Sequence[Mapping[str, Any]]) -> None:
    if status < 400 and not errors:
        return
    numbers = [int(error.get("error_number") or 0) for error in errors]
    words = "; ".join(dict.fromkeys(_words(error) for error in errors)) or f"HTTP {status}"
    if _INVALID_JOB_ID in numbers:
        raise JobNotFound(f"Slurm knows no such job: {words}")
    if _NO_SUCH_NODE in numbers:
        raise SchedulerRefused(f"Slurm refused: no node has the CPUs, memory or GPUs that are asked for: {words}")
    if any(number >= _FIRST_REFUSAL for number in numbers):
        raise SchedulerRefused(f"Slurm refused: {words}")
    raise SchedulerDown(f"Slurm does not answer: {words}")


def _failure(status: Mapping[str, Any]) -> str | None:
    error: Mapping[str, Any] = status.get("error") or {}
    return str(error.get("message") or error.get("string")) if error.get("code") else None


def _words(error: Mapping[str, Any]) -> str:
    parts = (str(error.get("error") or ""), str(error.get("description") or ""))
    return ": ".join(part for part in dict.fromkeys(parts) if part)
