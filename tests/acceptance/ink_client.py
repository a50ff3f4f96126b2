"""What a client of INK does: a password once, then two headers; HTTP 200 and the status in the body."""

from __future__ import annotations

from typing import Any, Self

import httpx2

from tests.acceptance.waiting import until

PASSWORD = "correct horse battery"
OVER = ("COMPLETED", "FAILED", "CANCELLED")


class InkClient:
    """As `username`, with a token that was made before, or by `signed_in`."""

    def __init__(self, url: str, username: str, token: str) -> None:
        headers = {"Ink-Username": username, "Ink-Token": token}
        self._http = httpx2.Client(base_url=f"{url}/api/v2", headers=headers, timeout=120)

    @classmethod
    def signed_in(cls, url: str, username: str) -> Self:
        body = {"username": username, "password": PASSWORD}
        made = _read(httpx2.post(f"{url}/api/v2/auth/create_token", json=body, timeout=120))
        return cls(url, username, made["data"]["token"])

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return _read(self._http.get(path, params=parameters))

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        return _read(self._http.post(path, json=body))

    def data(self, path: str, **parameters: Any) -> Any:
        answer = self.get(path, **parameters)
        assert answer["status"] == "200", answer
        return answer["data"]

    def row(self, job_id: str, **parameters: Any) -> dict[str, Any] | None:
        rows = self.data("cr/query_jobs", **parameters)["job_list"]
        return next((row for row in rows if row["jobId"] == job_id), None)

    def reached(self, job_id: str, *statuses: str, **parameters: Any) -> dict[str, Any]:
        """Its row, once it has one of these statuses."""

        def look() -> dict[str, Any] | None:
            row = self.row(job_id, **parameters)
            return row if row and row["jobStatus"] in statuses else None

        return until(f"job {job_id} is {' or '.join(statuses)}", look, timeout_s=180)

    def ended(self, job_id: str) -> dict[str, Any]:
        return self.reached(job_id, *OVER)

    def close(self) -> None:
        self._http.close()


def _read(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, (answer.status_code, answer.text)
    return answer.json()
