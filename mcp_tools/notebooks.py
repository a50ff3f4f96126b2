"""Jupyter notebooks cell by cell: read them with their outputs cut, and change one cell. Same places as `files`.

Format: nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html). What is not asked to be changed
is kept as it is, except that a changed code cell loses its outputs, which are another code's.

Limits: notebooks of 4 MiB, as large as a write; a change is written only over the version that it was made of.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import Any, Literal, Self, cast

from pydantic import Field, JsonValue, model_validator

from ink_core.errors import AgentFault, BadInput
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import changing, preview_of, targets_seen
from mcp_tools.files import reading
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Binding, Preview, ToolValue
from mcp_tools.targets import ask_agent, from_home, look_at_agent
from worker_agent import protocol

OUTPUT_CHARACTERS = 1_000
SOURCE_CHARACTERS = 20_000
MAX_CELLS = 2_000
CellType = Literal["code", "markdown", "raw"]
Notebook = dict[str, Any]


class ReadNotebook(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    first: int = Field(default=0, ge=0, le=MAX_CELLS)
    count: int = Field(default=50, ge=1, le=200)


class Cell(ToolValue):
    """`output` is what its outputs say in text, cut; pictures and the like are named by their types."""

    index: int
    cell_type: str
    source: str
    output: str | None


class NotebookRead(ToolValue):
    path: str
    total: int
    cells: tuple[Cell, ...]


class EditNotebook(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    cell: int = Field(ge=0, le=MAX_CELLS)
    action: Literal["replace", "insert", "remove"] = "replace"
    source: str | None = Field(default=None, max_length=1_000_000)
    cell_type: CellType | None = None

    @model_validator(mode="after")
    def _source_where_it_is_written(self) -> Self:
        if (self.source is None) != (self.action == "remove"):
            raise ValueError("source is for replace and insert, and needed there")
        return self


class NotebookEdited(ToolValue):
    path: str
    total: int
    sha256: str


async def _read(context: ToolContext, asked: ReadNotebook) -> NotebookRead:
    notebook, _ = await _notebook(context, asked.path)
    cells = notebook["cells"]
    shown = cells[asked.first : asked.first + asked.count]
    numbered = tuple(_cell(asked.first + number, cell) for number, cell in enumerate(shown))
    return NotebookRead(path=asked.path, total=len(cells), cells=numbered)


def _cell(index: int, cell: Notebook) -> Cell:
    given = cell.get("outputs")
    outputs = cast("list[Any]", given) if isinstance(given, list) else []
    said = "\n".join(_said(output) for output in outputs if isinstance(output, dict))
    return Cell(
        index=index,
        cell_type=str(cell.get("cell_type")),
        source=_cut(_text(cell.get("source")), SOURCE_CHARACTERS),
        output=_cut(said, OUTPUT_CHARACTERS) or None,
    )


def _said(output: Any) -> str:
    if output.get("output_type") == "error":
        return f"{output.get('ename')}: {output.get('evalue')}"
    given = output.get("data")
    data = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    plain = _text(output.get("text") or data.get("text/plain"))
    others = [f"[{kind}]" for kind in data if kind != "text/plain"]
    return " ".join(part for part in (plain, *others) if part)


def _text(value: object) -> str:
    """A text of the format is a string or a list of lines."""
    return "".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value or "")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


async def _edit(context: ToolContext, asked: EditNotebook) -> NotebookEdited:
    notebook, digest = await _notebook(context, asked.path)
    total = _changed(notebook, asked, context.operation_id)
    content = await asyncio.to_thread(_written, notebook)
    arguments = protocol.FilesWrite(
        path=from_home(asked.path), content=base64.b64encode(content).decode(), expected_sha256=digest
    )
    written = protocol.FileWritten.model_validate(await ask_agent(context, "files.write", arguments.model_dump()))
    return NotebookEdited(path=asked.path, total=total, sha256=written.sha256)


def _changed(notebook: Notebook, asked: EditNotebook, operation_id: str) -> int:
    """Change it in place; how many cells it has then."""
    cells = cast("list[Notebook]", notebook["cells"])
    if asked.cell >= len(cells) + (asked.action == "insert"):
        raise BadInput(f"edit_notebook: {asked.path} has {len(cells)} cells, numbered from 0")
    match asked.action:
        case "remove":
            del cells[asked.cell]
        case "insert":
            cells.insert(asked.cell, _new_cell(notebook, asked, operation_id))
        case "replace":
            cells[asked.cell] = _replaced(cells[asked.cell], asked)
    return len(cells)


def _new_cell(notebook: Notebook, asked: EditNotebook, operation_id: str) -> Notebook:
    cell: Notebook = {"cell_type": asked.cell_type or "code", "metadata": {}, "source": asked.source}
    if notebook.get("nbformat_minor", 0) >= 5:
        cell["id"] = _cell_id(operation_id)
    return _of_its_kind(cell)


def _cell_id(operation_id: str) -> str:
    return id_of(operation_id)[:8]


def _replaced(cell: Notebook, asked: EditNotebook) -> Notebook:
    kind = asked.cell_type or cell.get("cell_type") or "code"
    kept = {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")}
    return _of_its_kind({**kept, "cell_type": kind, "source": asked.source})


def _of_its_kind(cell: Notebook) -> Notebook:
    """A code cell has outputs, and here none."""
    return {**cell, "execution_count": None, "outputs": []} if cell["cell_type"] == "code" else cell


def _written(notebook: Notebook) -> bytes:
    """As Jupyter writes it."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


async def _notebook(context: ToolContext, path: str) -> tuple[Notebook, str]:
    """The notebook with the digest of its file. Raises `BadInput` for what is none."""
    return await asyncio.to_thread(_parsed, await _content(context, path), path)


def _parsed(data: bytes, path: str) -> tuple[Notebook, str]:
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        _written(notebook)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(f"{path} is no notebook of format 4: it is not JSON with cells") from None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cast("list[object]", cells)):
        raise BadInput(f"{path} is no notebook of format 4: its cells are no list of objects")
    if notebook.get("nbformat") != 4 or not isinstance(notebook.get("nbformat_minor", 0), int):
        raise BadInput(f"{path} is no notebook of format 4: it says nbformat {str(notebook.get('nbformat'))[:20]}")
    if len(cast("list[object]", cells)) > MAX_CELLS:
        raise BadInput(f"{path} has more than {MAX_CELLS} cells")
    return notebook, hashlib.sha256(data).hexdigest()


async def _content(context: ToolContext, path: str) -> bytes:
    data, eof = b"", False
    while not eof:
        wanted: dict[str, JsonValue] = {
            "path": from_home(path),
            "offset": len(data),
            "length": protocol.MAX_READ_BYTES,
        }
        piece = protocol.FileContent.model_validate(await look_at_agent(context, "files.read", wanted))
        if piece.size > protocol.MAX_WRITE_BYTES:
            raise BadInput(f"{path} has {piece.size} bytes; notebooks of {protocol.MAX_WRITE_BYTES} are taken")
        data, eof = data + base64.b64decode(piece.content), piece.eof
    return data


async def _find_edited(context: ToolContext, asked: EditNotebook) -> NotebookEdited | None:
    """Edited, where the cell says that now; a removal leaves nothing that could tell."""
    if asked.action == "remove":
        raise BadInput("whether that cell was removed cannot be told; read the notebook")
    try:
        notebook, digest = await _notebook(context, asked.path)
    except AgentFault as fault:
        if fault.code == "not_found":
            return None
        raise
    cells = notebook["cells"]
    found = asked.cell < len(cells) and _is_written(cells[asked.cell], asked, context.operation_id)
    return NotebookEdited(path=asked.path, total=len(cells), sha256=digest) if found else None


def _is_written(cell: Notebook, asked: EditNotebook, operation_id: str) -> bool:
    made = _cell_id(operation_id)
    return (asked.action != "insert" or cell.get("id", made) == made) and _text(cell.get("source")) == asked.source


async def _preview_edit(context: ToolContext, asked: EditNotebook) -> Preview:
    verb = {"replace": "Replace", "insert": "Insert", "remove": "Remove"}[asked.action]
    return preview_of(context, f"{verb} cell {asked.cell} of {asked.path}", asked.path)


async def _bind_edit(context: ToolContext, asked: EditNotebook) -> Binding:
    return await targets_seen(context, from_home(asked.path))


TOOLS = (
    reading(
        name="read_notebook",
        title="Read a notebook",
        description="Cells of a Jupyter notebook, with their outputs cut.",
        input=ReadNotebook,
        output=NotebookRead,
        run=_read,
    ),
    changing(
        name="edit_notebook",
        title="Change a notebook",
        description="Replace, insert before or remove one cell.",
        input=EditNotebook,
        output=NotebookEdited,
        scopes=frozenset({Scope.FILES_READ, Scope.FILES_WRITE}),
        content=frozenset({"source", "cell_type", "cell"}),
        idempotent=False,
        run=_edit,
        preview=_preview_edit,
        bind=_bind_edit,
        reconcile=_find_edited,
    ),
)
