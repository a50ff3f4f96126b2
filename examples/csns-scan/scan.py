#!/usr/bin/env python3
"""A parameter scan on the cluster with nothing but a token: submit, wait, fetch, merge. Standard library only.

    INK_URL=https://portal.example INK_TOKEN_FILE=~/.ink/token python3 scan.py [cluster]

One job per moderator material runs `moderator.py`; the results are merged into `scan.csv` here.
"""

import csv
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

MATERIALS = {"hydrogen": 1.0, "deuterium": 2.0, "beryllium": 9.0, "carbon": 12.0}
NEUTRONS = 2000
WAIT_S = 900
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "OUT_OF_MEMORY"}
HERE = Path(__file__).resolve().parent
URL = os.environ.get("INK_URL", "http://127.0.0.1:8420")
TOKEN_FILE = Path(os.environ.get("INK_TOKEN_FILE", "~/.ink/token")).expanduser()


def token() -> str:
    try:
        return TOKEN_FILE.read_text().strip()
    except OSError as error:
        sys.exit(f"no token in {TOKEN_FILE} ({error.strerror}): put one there, from the portal's page of tokens")


def ask(path: str, body: dict | None = None, **parameters: str) -> bytes:
    query = f"?{urlencode(parameters)}" if parameters else ""
    headers = {"Ink-Token": token(), "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(f"{URL}/api/v2/{path}{query}", data, headers), timeout=120) as answer:
            return answer.read()
    except OSError as error:  # refused, interrupted, or an answer that is an error
        sys.exit(f"{URL} did not answer {path}: {error}; is INK_URL the portal's address?")


def data(path: str, body: dict | None = None, **parameters: str) -> dict:
    answer = json.loads(ask(path, body, **parameters))
    if answer["status"] != "200":
        sys.exit(f"{path}: {answer['status']} {answer['msg']}")
    return answer["data"]


def submit(name: str, mass: float, seed: int, where: dict) -> dict:
    job = {
        "job_script": (HERE / "moderator.py").read_text(),
        "job_parameters": [str(mass), str(NEUTRONS), str(seed)],
        "job_name": f"moderator-{name}",
        "mem": 200,
        **where,
    }
    return data("cr/create_job_with_path", job)


def wait(job_ids: set) -> dict:
    """The state of each job, once all have ended."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        states = {row["jobId"]: row["jobStatus"] for row in data("cr/query_jobs")["job_list"]}
        if all(states.get(job_id) in ENDED for job_id in job_ids):
            return {job_id: states[job_id] for job_id in job_ids}
        time.sleep(2)
    sys.exit(f"the jobs have not ended within {WAIT_S} s")


def main() -> None:
    where = {"cluster_id": sys.argv[1]} if len(sys.argv) > 1 else {}
    jobs = {name: submit(name, mass, seed, where) for seed, (name, mass) in enumerate(MATERIALS.items())}
    print("submitted", ", ".join(f"{name} as {job['jobId']}" for name, job in jobs.items()))
    states = wait({job["jobId"] for job in jobs.values()})
    with open("scan.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["material", "mass", "mean_collisions"])
        for name, job in jobs.items():
            if states[job["jobId"]] != "COMPLETED":
                sys.exit(f"{name}: {states[job['jobId']]}\n{data('cr/get_joboutput', job_id=job['jobId'])['error']}")
            result = json.loads(ask("fs/download_file", TargetPath=f"{job['jobPath']}/result.json"))
            table.writerow([name, result["mass"], result["mean_collisions"]])
    print(Path("scan.csv").read_text(), end="")


if __name__ == "__main__":
    main()
