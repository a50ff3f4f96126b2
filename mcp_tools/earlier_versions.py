"""What a file held before a call changed it, so that the change can be shown and undone. Same places as `files`."""

from __future__ import annotations

import base64

from pydantic import Field

from mcp_tools.context import ToolContext
from mcp_tools.files import reading
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import ToolSpec, ToolValue
from mcp_tools.targets import from_home, look_at_agent
from worker_agent import protocol


class ReadEarlierVersion(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    operation_id: str = Field(min_length=1, max_length=100, description="Of the call that changed the file.")


class EarlierText(ToolValue):
    """`existed`: there was a file; `text` is None for one that is not UTF-8. `after_sha256`: what it became."""

    path: str
    existed: bool
    text: str | None
    after_sha256: str


async def _read(context: ToolContext, asked: ReadEarlierVersion) -> EarlierText:
    wanted = protocol.FilesEarlier(made_id=id_of(asked.operation_id), path=from_home(asked.path))
    answer = await look_at_agent(context, "files.earlier", wanted.model_dump())
    found = protocol.EarlierVersion.model_validate(answer)
    return EarlierText(
        path=found.path,
        existed=found.content is not None,
        text=_text(found.content),
        after_sha256=found.after_sha256,
    )


def _text(content: str | None) -> str | None:
    try:
        return base64.b64decode(content or "").decode()
    except UnicodeDecodeError:
        return None


TOOLS: tuple[ToolSpec, ...] = (
    reading(
        name="read_earlier_version",
        title="Read an earlier version",
        description="What a file held before a call changed it, as long as that is kept.",
        input=ReadEarlierVersion,
        output=EarlierText,
        for_models=False,
        for_clients=False,  # for the page, which shows the change and undoes it
        run=_read,
    ),
)
