"""The tools of the contract server: files, jobs, agents and terminals over the in-memory world."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.web.contract_foreign import accept_foreign_tools, list_foreign_servers
from tests.web.contract_lens import capture_job
from tests.web.contract_world import Json, Problem, Terminal, World, now, sha256, stamp

PROMPT = b"alice@node-007:~/work$ "
LAUNCH = (("queued", None, None), ("starting", "4711.0", "node-007"), ("ready", "4711.0", "node-007"))


def list_files(world: World, user: str, arguments: Json) -> Json:
    base = arguments["path"].strip("./")
    prefix = f"{base}/" if base else ""
    inside = [path for path in world.files if path.startswith(prefix)]
    if not inside and base:
        raise Problem(404, "not_found", f"There is no directory {base} in the workspace.")
    names = sorted({path[len(prefix) :].split("/")[0] for path in inside})
    entries = [_entry(world, user, f"{prefix}{name}") for name in names]
    return {"path": arguments["path"], "entries": entries, "total": len(entries)}


def _entry(world: World, user: str, path: str) -> Json:
    text = world.files.get(path)
    return {
        "name": path.split("/")[-1],
        "path": path,
        "kind": "directory" if text is None else "file",
        "size": 4096 if text is None else len(text.encode()),
        "mode": "rwxr-xr-x" if text is None else "rw-r--r--",
        "modified": stamp(now()),
        "owner": user,
    }


def read_file(world: World, user: str, arguments: Json) -> Json:
    path = arguments["path"]
    text = world.files.get(path)
    if text is None:
        raise Problem(404, "not_found", f"There is no file {path} in the workspace.")
    body = {"path": path, "base64": None, "offset": 0, "size": len(text.encode()), "eof": True}
    return {**body, "text": text, "sha256": sha256(text)}


def write_file(world: World, user: str, arguments: Json) -> Json:
    path, text = arguments["path"], arguments["text"]
    before = world.files.get(path)
    expected = arguments.get("expected_sha256")
    if expected is not None and (before is None or sha256(before) != expected):
        raise Problem(409, "conflict", f"{path} has changed since it was read; nothing was written.")
    if before is not None and expected is None and not arguments.get("overwrite"):
        raise Problem(409, "conflict", f"{path} exists; nothing was written.")
    world.files[path] = text
    return {"path": path, "size": len(text.encode()), "sha256": sha256(text)}


def read_earlier_version(world: World, user: str, arguments: Json) -> Json:
    before, after = world.earlier[arguments["operation_id"], arguments["path"]]
    return {"path": arguments["path"], "existed": True, "text": before, "after_sha256": sha256(after)}


def create_download_link(world: World, user: str, arguments: Json) -> Json:
    path = arguments["path"]
    if path not in world.files:
        raise Problem(404, "not_found", f"There is no file {path}.")
    expires = stamp(now() + timedelta(seconds=arguments["lifetime_s"]))
    return {"path": path, "url": f"http://ink.example/shares/{'5' * 32}", "share_id": "5" * 32, "expires_at": expires}


def change_jobs(state: str) -> Callable[[World, str, Json], Json]:
    def change(world: World, user: str, arguments: Json) -> Json:
        for job_id in arguments["job_ids"]:
            one, of_dag = world.job(job_id), [job for job in world.jobs if job.get("dag") == job_id]
            if one is None and not of_dag:
                raise Problem(404, "job_not_found", f"There is no job {job_id}.")
            for job in [one] if one else [job for job in of_dag if job["state"] != "COMPLETED"]:
                job["state"] = state
        return {"done": arguments["job_ids"], "refused": {}}

    return change


def launch_agent(world: World, user: str, arguments: Json) -> Json:
    agent: Json = {
        "worker_id": f"w-{world.identifier('a')[2:]}",
        "user": user,
        "place": "execute",
        "state": "submitting",
        "cluster": arguments.get("cluster") or "dev",
        "job_id": None,
        "node": None,
        "workspace": f"/home/{user}/work",
        "detail": None,
    }
    world.agents.insert(0, agent)
    starting = asyncio.get_running_loop().create_task(_start(agent))
    world.background.add(starting)
    starting.add_done_callback(world.background.discard)
    return agent


async def _start(agent: Json) -> None:
    for state, job_id, node in LAUNCH:
        await asyncio.sleep(0.4)
        if agent["state"] == "gone":
            return
        agent.update(state=state, job_id=job_id, node=node)


def stop_agent(world: World, user: str, arguments: Json) -> Json:
    for agent in world.agents:
        if agent["worker_id"] == arguments["worker_id"]:
            agent["state"] = "gone"
            return agent
    raise Problem(404, "not_found", "There is no such agent.")


def open_terminal(world: World, user: str, arguments: Json) -> Json:
    terminal = Terminal(world.identifier("t"))
    terminal.write(PROMPT)
    world.terminals[terminal.terminal_id] = terminal
    return {"terminal_id": terminal.terminal_id, "pid": 4242}


def list_terminals(world: World, user: str, arguments: Json) -> Json:
    values = [
        {"terminal_id": one.terminal_id, "pid": 4242, "alive": one.alive, "next_offset": len(one.written)}
        for one in world.terminals.values()
    ]
    return {"terminals": values}


def typed(terminal: Terminal, data: bytes) -> None:
    """A very small shell: it echoes what is typed and knows `echo` and `exit`."""
    for byte in data:
        if byte != 13:
            terminal.line.append(byte)
            terminal.write(bytes([byte]))
            continue
        command = terminal.line.decode()
        terminal.line.clear()
        terminal.write(b"\r\n")
        if command == "exit":
            terminal.alive = False
            for listener in terminal.listeners:
                listener.put_nowait(None)
            return
        if command.startswith("echo "):
            terminal.write(f"{command[5:]}\r\n".encode())
        terminal.write(PROMPT)


Tool = Callable[[World, str, Json], Any]


def list_skills(world: World, user: str, arguments: Json) -> Json:
    words = {"version": "1", "sha256": "0" * 64}
    return {"skills": [{"name": "joblens", "description": "Why a job is slow", **words}], "problems": []}


TOOLS: dict[str, Tool] = {
    "list_skills": list_skills,
    "list_foreign_servers": list_foreign_servers,
    "accept_foreign_tools": accept_foreign_tools,
    "list_files": list_files,
    "read_file": read_file,
    "write_file": write_file,
    "read_earlier_version": read_earlier_version,
    "create_download_link": create_download_link,
    "hold_jobs": change_jobs("HOLDING"),
    "release_jobs": change_jobs("QUEUEING"),
    "remove_jobs": change_jobs("CANCELLED"),
    "launch_agent": launch_agent,
    "stop_agent": stop_agent,
    "open_terminal": open_terminal,
    "list_terminals": list_terminals,
    "capture_job": capture_job,
}
