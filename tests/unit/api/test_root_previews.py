"""What is in a ROOT file is told by a process apart, and whatever the file holds costs no more than a bound."""

from __future__ import annotations

import asyncio
import importlib
import os
import re
from pathlib import Path
from typing import Any

import pytest

from ink_core.identity.principal import Scope
from tests.unit.api.home_agents import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROUTE = "/api/v1/files/root"


def root_file(path: Path, **options: object) -> Path:
    """With a tree, an RNTuple, a histogram of 250 bins in a directory, one of two dimensions, and a text."""
    uproot, numpy = importlib.import_module("uproot"), importlib.import_module("numpy")
    with uproot.recreate(path, **options) as file:
        tree = file.mktree("events", {"pt": "f8", "charge": "i4"})
        tree.extend({"pt": numpy.arange(10.0), "charge": numpy.ones(10, "i4")})
        file.mkrntuple("ntuple", {"x": numpy.arange(5.0)})
        file["plots/mass"] = (numpy.ones(250), numpy.linspace(0.0, 125.0, 251))
        file["plots/plane"] = numpy.histogram2d(numpy.arange(5.0), numpy.arange(5.0), bins=3)
        file["note"] = "text"
    return path


async def asked(site: Site, path: str) -> dict[str, Any]:
    answer = await site.http.get(ROUTE, params={"path": path})
    assert answer.status_code == 200, answer.text
    return {key["path"]: key for key in answer.json()["keys"]}


async def refused(site: Site, path: str) -> tuple[int, str]:
    answer = await site.http.get(ROUTE, params={"path": path})
    return answer.status_code, answer.json()["code"]


@pytest.mark.requirement("CORE-FILES-10")
async def test_trees_and_histograms_of_a_file_are_told(site: Site) -> None:
    root_file(site.home / "run.root")
    keys = await asked(site, "run.root")
    assert {path: key["class_name"] for path, key in keys.items() if path != "ntuple;1"} == {
        "events;1": "TTree",
        "plots;1": "TDirectory",
        "plots/mass;1": "TH1D",
        "plots/plane;1": "TH2D",
        "note;1": "TObjString",
    }
    types = {"pt": "double", "charge": "int32_t"}
    branches = [{"name": name, "type": kind} for name, kind in types.items()]
    assert keys["events;1"]["tree"] == {"entries": 10, "branches": branches, "more": 0}
    assert keys["ntuple;1"]["tree"] == {"entries": 5, "branches": [{"name": "x", "type": "double"}], "more": 0}
    mass = keys["plots/mass;1"]["histogram"]
    assert mass["axes"] == [{"bins": 250, "low": 0.0, "high": 125.0}]
    assert len(mass["contents"]) <= 100 and sum(mass["contents"]) == 250
    assert len(keys["plots/plane;1"]["histogram"]["axes"]) == 2


async def test_a_wide_tree_is_told_with_how_much_is_left_out(site: Site) -> None:
    uproot = importlib.import_module("uproot")
    with uproot.recreate(site.home / "wide.root") as file:
        file.mktree("wide", {f"column{number}": "f4" for number in range(250)})
    tree = (await asked(site, "wide.root"))["wide;1"]["tree"]
    assert (len(tree["branches"]), tree["more"]) == (200, 50)


async def test_a_class_that_only_the_file_describes_is_never_made_into_code(site: Site) -> None:
    """The file's own description of `TH1X` would be compiled by uproot as Python code."""
    file = root_file(site.home / "own.root", compression=None)
    file.write_bytes(file.read_bytes().replace(b"TH1D", b"TH1X"))
    uproot = importlib.import_module("uproot")
    with uproot.open(file) as opened:
        assert opened["plots/mass"].class_code, "uproot alone makes code of it"
    keys = await asked(site, "own.root")
    assert "only the file itself describes" in keys["plots/mass;1"]["unread"]
    assert keys["events;1"]["tree"]["entries"] == 10, "the rest is told"


@pytest.mark.parametrize("left", [0, 3, 60, 300])
async def test_a_file_that_is_cut_off_is_told_as_unreadable(site: Site, left: int) -> None:
    file = root_file(site.home / "cut.root")
    file.write_bytes(file.read_bytes()[:left])
    assert await refused(site, "cut.root") == (422, "unreadable")


async def test_what_is_no_root_file_is_told_as_such(site: Site) -> None:
    (site.home / "notes.root").write_text("no ROOT file\n" * 100)
    os.mkfifo(site.home / "pipe.root")
    (site.home / "outside.root").symlink_to("/etc/passwd")
    assert await refused(site, "notes.root") == (422, "unreadable")
    assert await refused(site, "pipe.root") == (422, "not_a_file")
    (site.home / "pipe.root").unlink()
    assert await refused(site, "outside.root") == (403, "path_outside_workspace")
    assert await refused(site, "nowhere.root") == (404, "not_found")


async def test_an_object_that_claims_to_be_huge_costs_no_more_than_the_bound(site: Site) -> None:
    """Its key tells a size of 2 GiB (`fObjlen`, the four bytes after its length and version)."""
    file = root_file(site.home / "huge.root")
    data = bytearray(file.read_bytes())
    for found in re.finditer(b"\x04TH1D\x04mass", bytes(data)):
        data[found.start() - 20 : found.start() - 16] = b"\x7f\xff\xff\xf0"
    file.write_bytes(data)
    keys = await asked(site, "huge.root")
    assert "it claims" in keys["plots/mass;1"]["unread"]
    assert keys["events;1"]["tree"]["entries"] == 10, "the rest is told"


async def test_many_at_once_are_answered_one_after_the_other(site: Site) -> None:
    root_file(site.home / "run.root")
    told = await asyncio.gather(*(asked(site, "run.root") for _ in range(3)))
    assert told[0] == told[1] == told[2]


async def test_only_one_who_may_read_files_is_told(site: Site) -> None:
    root_file(site.home / "run.root")
    params = {"path": "run.root"}
    other = await site.http.get(ROUTE, params=params, headers=await site.token(Scope.JOBS_READ))
    assert other.status_code == 403
    reader = await site.http.get(ROUTE, params=params, headers=await site.token(Scope.FILES_READ))
    assert reader.status_code == 200, reader.text
