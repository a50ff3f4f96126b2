"""INK's clients list the apps, launch one, and are led to its session; credentials only of one's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from ink_core.api.core import install_core
from ink_core.apps.service import AppSessionView
from ink_core.identity.principal import USER_SCOPES, Scope
from tests.security.application import application, client
from tests.unit.apps.app_world import NODE, AppWorld

V2 = "/api/v2/cr"


@pytest.fixture
def world(tmp_path: Path) -> AppWorld:
    root = tmp_path / "homes"
    root.mkdir()
    return AppWorld(root)


@pytest.fixture
async def app(tmp_path: Path, world: AppWorld) -> AsyncIterator[FastAPI]:
    async with application(tmp_path / "data") as app:
        install_core(app, replace(app.state.core, queues=world.queues, apps=world.apps))
        yield app


async def of(app: FastAPI, user: str, scopes: frozenset[Scope] = USER_SCOPES) -> httpx2.AsyncClient:
    identity = app.state.core.identity
    if user not in {known.username for known in await identity.users()}:
        await identity.create_user(user)
    issued = await identity.create_token_of(user, "test", scopes, timedelta(hours=1))
    http = client(app)
    http.headers.update({"Ink-Username": user, "Ink-Token": issued.secret})
    return http


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with await of(app, "alice") as http:
        yield http


async def ready(world: AppWorld, app: str = "jupyter") -> AppSessionView:
    session = await world.launch(app)
    world.run_job(session)
    if app == "jupyter":
        await world.apps.register(world.registration(session))
    else:
        login = {"HOST": NODE, "PORT": 41000, "TOKEN": "the-apps-own-token"}
        Path(session.folder, "app_login.info").write_text(json.dumps(login))
        await world.apps.look()
    return world.now(session)


async def data(http: httpx2.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = (await http.get(f"{V2}/{path}", params=parameters)).json()
    assert answer["status"] == "200", answer
    return answer["data"]


async def test_the_apps_are_listed_as_types_of_jobs(http: httpx2.AsyncClient) -> None:
    listed = await data(http, "list_job_types")
    assert {"jupyter", "code", "vnc", "rootbrowse", "enode", "openclaw", "old"} == {
        row["job_type"] for row in listed["job_types"]
    }
    assert listed["cluster_ids"] == ["pool"]


async def test_a_prepared_job_has_the_apps_values_with_ones_own_over_them(http: httpx2.AsyncClient) -> None:
    asked = {"job_type": "jupyter", "cluster_id": "pool", "overrides": {"mem": 4096, "time": "01:00:00", "unknown": 1}}
    answer = (await http.post(f"{V2}/prepare_job", json=asked)).json()
    assert answer["status"] == "200"
    assert answer["data"] | {"job_type": "jupyter", "cpu": 1, "mem": 4096, "time": "01:00:00"} == answer["data"]
    for wrong in ({"cpu": 1000}, {"mem": -1}, {"time": "soon"}):
        refused = (await http.post(f"{V2}/prepare_job", json={**asked, "overrides": wrong})).json()
        assert (refused["status"], refused["code"], refused["data"]) == ("R01", "bad_input", None)
    unknown = (await http.post(f"{V2}/prepare_job", json={**asked, "job_type": "nothing"})).json()
    assert unknown["code"] == "app_not_found"


async def test_a_prepared_job_is_launched_where_it_names_an_app_and_no_script(
    app: FastAPI, world: AppWorld, http: httpx2.AsyncClient
) -> None:
    asked: list[Any] = []

    class Launching:
        async def call(self, principal: object, tool: str, arguments: Any, **_: object) -> Any:
            asked.append((tool, arguments))
            return (await world.launch(arguments["app"])).model_dump(mode="json")

    install_core(app, replace(app.state.core, actions=Launching()))
    prepared = (await http.post(f"{V2}/prepare_job", json={"job_type": "jupyter", "overrides": {"mem": 4096}})).json()
    made = (await http.post(f"{V2}/create_common_job", json=prepared["data"])).json()["data"]
    ((tool, arguments),) = asked
    assert (tool, arguments["app"], arguments["memory_mb"], arguments["cluster"]) == (
        "launch_app", "jupyter", 4096, "pool",
    )  # fmt: skip
    assert (made["job_id"], made["cluster"], made["job_status"]) == ("1.0", "pool", "QUEUEING")


@pytest.mark.requirement("CORE-V2-04")
async def test_a_row_says_of_which_app_it_is_and_when_it_can_be_opened(
    world: AppWorld, http: httpx2.AsyncClient
) -> None:
    session = await world.launch()
    (row,) = (await data(http, "query_jobs"))["job_list"]
    assert (row["jobType"], row["connect_sign"]) == ("jupyter", "False")
    world.run_job(session)
    await world.apps.register(world.registration(session))
    (row,) = (await data(http, "query_jobs", job_type="jupyter"))["job_list"]
    assert (row["jobType"], row["connect_sign"]) == ("jupyter", "True")
    token = {"Authorization": f"Bearer {http.headers['Ink-Token']}"}
    assert (await http.get("/api/v3/jobs", headers=token)).json()["jobs"] == [row]


async def test_a_job_is_connected_to_when_it_is_ready(world: AppWorld, http: httpx2.AsyncClient) -> None:
    session = await world.launch()
    early = (await http.get(f"{V2}/connect_job", params={"job_id": session.job_id})).json()
    assert (early["status"], early["code"]) == ("R05", "app_not_ready")
    world.run_job(session)
    await world.apps.register(world.registration(session))
    told = await data(http, "connect_job", job_id=session.job_id, job_type="jupyter", cluster_id="pool")
    assert (told["url"], told["host"], told["port"]) == (f"/jupyter/{NODE}/40000/alice/", NODE, 40000)
    other = (await http.get(f"{V2}/connect_job", params={"job_id": session.job_id, "job_type": "code"})).json()
    assert other["status"] == "R05"


async def test_nobody_is_connected_to_a_session_of_another(
    app: FastAPI, world: AppWorld, http: httpx2.AsyncClient
) -> None:
    session = await ready(world, "old")
    async with await of(app, "bob") as bob:
        refused = (await bob.get(f"{V2}/connect_job", params={"job_id": session.job_id})).json()
        assert (refused["status"], refused["data"]) == ("R05", None)
        assert (await bob.get(f"{V2}/resolve_job_proxy?job_type=old")).json()["data"] is None
        answer = await bob.get(f"{V2}/get_job_credentials", headers={"X-Original-URI": str(session.path)})
        assert (answer.status_code, "x-job-credentials" in answer.headers) == (404, False)


async def test_the_credential_of_an_existing_script_is_told_to_its_owner(
    world: AppWorld, http: httpx2.AsyncClient
) -> None:
    session = await ready(world, "old")
    assert await data(http, "resolve_job_proxy", job_type="old") == {
        "host": NODE, "port": 41000, "passwd": "the-apps-own-token",
    }  # fmt: skip
    answer = await http.get(f"{V2}/get_job_credentials", headers={"X-Original-URI": f"{session.path}lab?x=1"})
    assert (answer.status_code, answer.headers["x-job-credentials"]) == (204, "the-apps-own-token")


async def test_a_token_that_may_not_do_all_that_an_app_may_gets_no_credential_of_one(
    app: FastAPI, world: AppWorld, http: httpx2.AsyncClient
) -> None:
    session = await ready(world, "old")
    async with await of(app, "alice", USER_SCOPES - {Scope.FILES_WRITE}) as narrow:
        refused = await narrow.get(f"{V2}/resolve_job_proxy?job_type=old")
        assert (refused.json()["code"], refused.json()["data"]) == ("forbidden", None)
        assert "files:write" in refused.json()["msg"]
        answer = await narrow.get(f"{V2}/get_job_credentials", headers={"X-Original-URI": str(session.path)})
        assert (answer.status_code, "x-job-credentials" in answer.headers) == (403, False)
        assert (await narrow.get("/api/v2/auth/auth_request")).status_code == 403
        token = {"Authorization": f"Bearer {narrow.headers['Ink-Token']}"}
        shown = await narrow.get(f"/api/v1/app-sessions/{session.session_id}/credential", headers=token)
        assert (shown.status_code, "the-apps-own-token" in shown.text) == (403, False)


async def test_the_secret_of_a_door_is_told_to_nobody(world: AppWorld, http: httpx2.AsyncClient) -> None:
    session = await ready(world)
    told = await data(http, "resolve_job_proxy", job_type="jupyter")
    answer = await http.get(f"{V2}/get_job_credentials", headers={"X-Original-URI": str(session.path)})
    assert (told["passwd"], answer.status_code, answer.headers.get("x-job-credentials")) == ("", 204, None)


@pytest.mark.parametrize(
    "uri", ["", "/", "/old/node", "/../x", "/old/%2e/41000/alice/", "/old/node/0/alice/", "x" * 9000]
)
async def test_what_names_no_session_gets_no_yes(world: AppWorld, http: httpx2.AsyncClient, uri: str) -> None:
    await ready(world, "old")
    answer = await http.get(f"{V2}/get_job_credentials", headers={"X-Original-URI": uri})
    assert answer.status_code in (404, 422)


@pytest.mark.requirement("CORE-V2-06")
async def test_openclaws_configuration_is_told_with_the_sites_models(http: httpx2.AsyncClient) -> None:
    answer = (await http.get("/api/v2/service/openclaw/template")).json()
    assert (answer["status"], list(answer["data"]["template"]["models"]["providers"])) == ("200", ["ink-qwen"])


@pytest.mark.requirement("CORE-V2-06")
async def test_the_sites_models_of_today_come_into_ones_own_open_sessions(
    app: FastAPI, world: AppWorld, http: httpx2.AsyncClient
) -> None:
    session = await world.launch("openclaw")
    done: list[tuple[str, Any]] = []

    class Recorded:
        async def call(self, principal: object, tool: str, arguments: Any, **_: object) -> None:
            done.append((tool, arguments))

    install_core(app, replace(app.state.core, actions=Recorded()))
    world.models.append(world.models[0].model_copy(update={"name": "new", "model": "qwen4"}))
    answer = (await http.post("/api/v2/service/openclaw/sync_models")).json()
    assert [model["id"] for model in answer["data"]["models"]] == ["qwen3", "qwen4"]
    assert answer["data"]["sessions"] == [session.session_id]
    ((tool, arguments),) = done
    assert (tool, arguments["path"]) == ("write_file", f"{session.folder}/openclaw.json")
    assert json.loads(arguments["text"])["skills"]["load"]["extraDirs"] == [f"{session.folder}/skills"]
