"""A client of INK, as it is, against the embedded product: headers, envelope, jobs and files over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.ink_client import PASSWORD, InkClient

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

ROW = {
    "clusterId", "jobId", "jobType", "jobSubmitTime", "jobStatus", "jobStartTime", "JobNodeList", "jobrunos",
    "connect_sign", "hold_reason", "jobtimelimit",
}  # fmt: skip
SCRIPT = '#!/bin/sh\necho "hello $1"\necho oops >&2\n'


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("ink-v2")) as embedded:
        for user in ("pat", "sam"):
            code, said = embedded.ink("user", "add", user, "--password", stdin=PASSWORD + "\n")
            assert code == 0, said
        yield embedded


@pytest.fixture(scope="module")
def pat(embedded: Embedded) -> Iterator[InkClient]:
    client = InkClient.signed_in(embedded.url, "pat")
    yield client
    client.close()


@pytest.fixture(scope="module")
def sam(embedded: Embedded) -> Iterator[InkClient]:
    client = InkClient.signed_in(embedded.url, "sam")
    yield client
    client.close()


@pytest.mark.requirement("CORE-V2-01")
@pytest.mark.requirement("CORE-V2-02")
def test_the_token_of_the_client_is_valid_and_names_its_user(pat: InkClient) -> None:
    assert pat.post("auth/validate_token")["data"]["username"] == "pat"
    assert pat.data("auth/get_user")["username"] == "pat"


@pytest.mark.requirement("CORE-V2-04")
def test_the_text_of_a_script_becomes_a_job_whose_output_is_read(pat: InkClient) -> None:
    made = pat.post("cr/create_job", {"job_script": SCRIPT, "job_parameters": "'big world'", "job_name": "hello"})
    assert made["status"] == "200", made
    job_id = made["data"]["jobid"]
    row = pat.ended(job_id)
    assert set(row) >= ROW and all(isinstance(row[column], str) for column in ROW)
    assert (row["jobStatus"], row["jobType"], row["connect_sign"]) == ("COMPLETED", "batch", "False")
    output = pat.data("cr/get_joboutput", job_id=job_id)
    assert output == {"job_id": job_id, "output": "hello big world\n", "error": "oops\n"}


@pytest.mark.requirement("CORE-V2-04")
def test_a_script_of_the_user_is_submitted_by_its_path(embedded: Embedded, pat: InkClient) -> None:
    script = embedded.workspace("pat") / "run.sh"
    script.write_text(SCRIPT)
    asked = {
        "script_path": str(script),
        "job_dir": str(script.parent),
        "job_parameters": ["again"],
        "cpu": 1,
        "mem": 200,
    }
    made = pat.post("cr/create_common_job", asked)["data"]
    assert set(made) == {"cluster", "submit_uuid", "job_status", "job_id"} and made["cluster"] == "local"
    assert pat.ended(made["job_id"])["jobStatus"] == "COMPLETED"
    assert pat.data("cr/get_joboutput", job_id=made["job_id"], cluster_id="local")["output"] == "hello again\n"
    placed = pat.post("cr/create_job_with_path", {"job_script": SCRIPT})["data"]
    assert set(placed) == {"jobId", "jobType", "jobPath"}
    assert Path(placed["jobPath"]).is_relative_to(pat.data("cr/get_user_jobs_dir")["jobs_dir"])
    assert (Path(placed["jobPath"]) / "job.sh").read_text() == SCRIPT


@pytest.mark.requirement("CORE-V2-04")
def test_a_job_is_deleted_by_its_id_and_by_its_submission(pat: InkClient, sam: InkClient) -> None:
    sleeping = {"script_path": "/bin/sleep", "job_parameters": "600"}
    by_id, by_uuid = (pat.post("cr/create_common_job", sleeping)["data"] for _ in range(2))
    foreign = sam.post("cr/delete_job", {"submit_uuid": by_uuid["submit_uuid"]})
    assert (foreign["status"], foreign["code"]) == ("R04", "job_not_found")
    assert pat.post("cr/delete_job", {"job_id": by_id["job_id"], "cluster_id": "local"})["status"] == "200"
    assert pat.post("cr/delete_job", {"submit_uuid": by_uuid["submit_uuid"]})["status"] == "200"
    assert {pat.ended(one["job_id"])["jobStatus"] for one in (by_id, by_uuid)} == {"CANCELLED"}


@pytest.mark.requirement("CORE-V2-04")
def test_jobs_of_others_are_in_the_list_of_all_and_not_in_ones_own(pat: InkClient, sam: InkClient) -> None:
    made = sam.post("cr/create_job", {"script_path": "/bin/true"})["data"]["jobid"]
    sam.ended(made)
    assert pat.row(made) is None
    everybodys = {row["jobId"]: row["owner"] for row in pat.data("cr/get_systemjobs")["job_total_list"]}
    assert everybodys[made] == "sam"


@pytest.mark.requirement("CORE-V2-04")
def test_jobs_come_in_pages(pat: InkClient) -> None:
    whole = [row["jobId"] for row in pat.data("cr/query_jobs")["job_list"]]
    assert len(whole) >= 2
    pages = [pat.data("cr/query_jobs", page=page, limit=1)["job_list"] for page in range(1, len(whole) + 2)]
    assert [row["jobId"] for page in pages for row in page] == whole
    assert pat.data("cr/query_jobs", job_type="jupyter")["job_list"] == []


@pytest.mark.requirement("CORE-V2-06")
def test_disk_use_is_told_of_ones_own_files(embedded: Embedded, pat: InkClient) -> None:
    folder = embedded.workspace("pat") / "data"
    folder.mkdir()
    (folder / "big").write_bytes(b"x" * 100_000)
    (now,) = pat.data("ccs/get_cur_userdisk", directory=str(folder))["user_disk"]
    assert now["user"] == "pat" and now["used"] >= 100_000 and now["complete"] and 0 < now["free"] <= now["total"]
    (today,) = pat.data("ccs/get_his_userdisk", directory=str(folder))["user_disk"]
    assert today["used"] == now["used"] and today["date"]
    past = {"start_time_str": "2020-01-01", "end_time_str": "2020-01-31 12:00:00"}
    assert pat.data("ccs/get_his_userdisk", directory=str(folder), **past)["user_disk"] == []
    (home,) = pat.data("status/get_fs_health")["fs_list"]
    assert home["status"] in ("ok", "full") and home["total"] == now["total"]
    assert pat.get("ccs/get_cur_userdisk", directory="/etc")["status"] == "500"


@pytest.mark.requirement("CORE-V2-06")
def test_a_root_file_is_read_by_its_link_and_the_place_of_an_editor_is_made(embedded: Embedded, pat: InkClient) -> None:
    (embedded.workspace("pat") / "hist.root").write_bytes(b"root\0file")
    url = pat.post("service/access_rootfile", {"workdir": ".", "filename": "hist.root"})["data"]["url"]
    assert httpx2.get(url, timeout=60).content == b"root\0file"
    assert pat.post("service/access_rootfile", {"workdir": ".", "filename": "nothing.root"})["status"] == "S01"
    assert Path(pat.post("service/code/ensure_datadir")["data"]["datadir"]).is_dir()


@pytest.mark.requirement("CORE-V2-01")
def test_what_went_wrong_with_a_job_has_its_own_word(pat: InkClient) -> None:
    def refused(answer: dict[str, Any]) -> tuple[str, str]:
        assert answer["data"] is None and answer["msg"]
        return answer["status"], answer["code"]

    assert refused(pat.post("cr/create_job", {"script_path": "nowhere.sh"}))[0] == "R01"
    assert refused(pat.post("cr/create_job", {})) == ("R01", "bad_input")
    assert refused(pat.post("cr/create_job", {"script_path": "x", "cpu": "many"})) == ("P00", "bad_input")
    assert refused(pat.get("cr/query_jobs", cluster_id="nowhere")) == ("R02", "not_found")
    assert refused(pat.get("cr/get_joboutput", job_id="999999.0")) == ("R03", "job_not_found")
    assert refused(pat.post("cr/delete_job", {"job_id": "999999.0"})) == ("R04", "job_not_found")
