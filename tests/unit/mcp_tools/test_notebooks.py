"""Notebooks cell by cell, over the methods of a real agent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ink_core.errors import AgentFault, BadInput
from tests.unit.mcp_tools.conftest import Centre

pytestmark = pytest.mark.requirement("TOOLS-NOTEBOOK-01")

PICTURE = {"output_type": "display_data", "data": {"image/png": "A" * 90_000, "text/plain": ["<Fig", "ure>"]}}
CELLS: list[dict[str, Any]] = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# 束流\n", "text"], "id": "aaaa"},
    {
        "cell_type": "code",
        "metadata": {"tags": ["keep"]},
        "id": "bbbb",
        "source": "x = 1",
        "execution_count": 3,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["one\n", "y" * 5_000]}, PICTURE],
    },
    {
        "cell_type": "code",
        "metadata": {},
        "source": [],
        "execution_count": 4,
        "outputs": [{"output_type": "error", "ename": "KeyError", "evalue": "'z'", "traceback": ["t" * 9_000]}],
    },
]


def write(path: Path, cells: list[dict[str, Any]], minor: int = 5) -> None:
    notebook = {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": minor}
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


@pytest.fixture
def notebook(centre: Centre) -> Path:
    write(centre.home / "n.ipynb", CELLS)
    return centre.home / "n.ipynb"


async def test_cells_are_read_with_their_outputs_cut(centre: Centre, notebook: Path) -> None:
    read = await centre.run("read_notebook", path="~/n.ipynb")
    assert read["total"] == 3
    assert [(cell["cell_type"], cell["source"]) for cell in read["cells"]] == [
        ("markdown", "# 束流\ntext"), ("code", "x = 1"), ("code", ""),
    ]  # fmt: skip
    outputs = [cell["output"] for cell in read["cells"]]
    assert outputs[0] is None and outputs[2] == "KeyError: 'z'"
    assert outputs[1].startswith("one\nyyy") and len(outputs[1]) < 1_100
    one = await centre.run("read_notebook", path="n.ipynb", first=2, count=1)
    assert [cell["index"] for cell in one["cells"]] == [2]


async def test_a_picture_is_named_and_not_shown(centre: Centre) -> None:
    write(centre.home / "p.ipynb", [{**CELLS[1], "outputs": [PICTURE]}])
    (cell,) = (await centre.run("read_notebook", path="p.ipynb"))["cells"]
    assert cell["output"] == "<Figure> [image/png]"


async def test_one_cell_is_changed_and_all_else_stays_as_it_was(centre: Centre, notebook: Path) -> None:
    assert (await centre.preview("edit_notebook", path="n.ipynb", cell=1, source="x")).targets == ("n.ipynb",)
    edited = await centre.run("edit_notebook", path="n.ipynb", cell=1, source="x = 2\n")
    after = json.loads(notebook.read_text())
    assert (edited["total"], after["cells"][0], after["cells"][2]) == (3, CELLS[0], CELLS[2])
    changed = {"source": "x = 2\n", "outputs": [], "execution_count": None}
    assert after["cells"][1] == {**CELLS[1], **changed}
    assert (after["metadata"], after["nbformat_minor"]) == ({"kernelspec": {"name": "python3"}}, 5)


@pytest.mark.parametrize("minor", [4, 5])
async def test_cells_are_inserted_and_removed(centre: Centre, minor: int) -> None:
    write(centre.home / "n.ipynb", CELLS, minor)
    await centre.run("edit_notebook", "op-1", path="n.ipynb", action="insert", cell=3, source="y = 1")
    await centre.run(
        "edit_notebook", "op-2", path="n.ipynb", action="insert", cell=0, source="hi", cell_type="markdown"
    )
    await centre.run("edit_notebook", path="n.ipynb", action="remove", cell=1)
    cells = json.loads((centre.home / "n.ipynb").read_text())["cells"]
    assert [cell["source"] for cell in cells] == ["hi", "x = 1", [], "y = 1"]
    assert [("id" in cells[0], "outputs" in cells[0]), ("id" in cells[3], "outputs" in cells[3])] == [
        (minor == 5, False),
        (minor == 5, True),
    ]


async def test_what_became_of_an_edit_is_told_by_the_cell_itself(centre: Centre, notebook: Path) -> None:
    wanted = {"path": "n.ipynb", "cell": 0, "source": "new", "action": "insert"}
    assert await centre.reconcile("edit_notebook", "op-1", **wanted) is None
    edited = await centre.run("edit_notebook", "op-1", **wanted)
    assert await centre.reconcile("edit_notebook", "op-1", **wanted) == edited
    assert await centre.reconcile("edit_notebook", "op-2", **wanted) is None
    with pytest.raises(BadInput, match="cannot be told"):
        await centre.reconcile("edit_notebook", "op-3", path="n.ipynb", cell=0, action="remove")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"cell": 3, "source": "x"}, "has 3 cells"),
        ({"cell": 4, "source": "x", "action": "insert"}, "has 3 cells"),
        ({"cell": 0}, "source is for replace and insert"),
        ({"cell": 0, "source": "x", "action": "remove"}, "source is for replace and insert"),
    ],
)
async def test_an_edit_that_cannot_be_made_is_refused(
    centre: Centre, notebook: Path, arguments: dict[str, Any], said: str
) -> None:
    before = notebook.read_bytes()
    with pytest.raises(BadInput, match=said):
        await centre.run("edit_notebook", path="n.ipynb", **arguments)
    assert notebook.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"cells": 1}', '{"cells": [1]}', "[" * 100_000, '{"cells": [', "\xff"]
)
async def test_what_is_no_notebook_is_said_to_be_none(centre: Centre, text: str) -> None:
    (centre.home / "n.ipynb").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match="is no notebook of format 4"):
        await centre.run("read_notebook", path="n.ipynb")


async def test_one_that_is_too_large_or_not_there_is_said_to_be(centre: Centre) -> None:
    with (centre.home / "n.ipynb").open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    with pytest.raises(BadInput, match="has 5242880 bytes"):
        await centre.run("read_notebook", path="n.ipynb")
    with pytest.raises(AgentFault, match="does not exist"):
        await centre.run("read_notebook", path="gone.ipynb")


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [], "nbformat": 3}',
        '{"cells": []}',
        '{"cells": [], "nbformat": 4, "nbformat_minor": "5"}',
        '{"cells": [{"cell_type": "code", "source": "\\ud800"}], "nbformat": 4}',
    ],
)
async def test_another_format_and_text_that_is_none_are_refused(centre: Centre, text: str) -> None:
    (centre.home / "n.ipynb").write_text(text)
    edit = {"cell": 0, "action": "insert", "source": "x"}
    for tool, more in (("read_notebook", {}), ("edit_notebook", edit)):
        with pytest.raises(BadInput, match="no notebook of format 4"):
            await centre.run(tool, path="n.ipynb", **more)


@pytest.mark.parametrize("outputs", [7, [7], [{"output_type": "display_data", "data": [1]}], {"a": 1}])
async def test_outputs_of_no_known_form_are_left_out(centre: Centre, outputs: Any) -> None:
    write(centre.home / "n.ipynb", [{"cell_type": "code", "source": "x", "outputs": outputs}])
    read = await centre.run("read_notebook", path="n.ipynb")
    assert [(cell["source"], cell["output"]) for cell in read["cells"]] == [("x", None)]
