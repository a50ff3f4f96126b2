"""Search in the site's documentation and skills."""

from __future__ import annotations

import asyncio

from pydantic import Field

from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue


class SearchDocumentation(ToolValue):
    query: str = Field(min_length=1, max_length=1000, description="Words, in English or Chinese.")
    limit: int = Field(default=5, ge=1, le=20)


class FoundPassage(ToolValue):
    title: str
    path: str
    text: str


class Passages(ToolValue):
    passages: tuple[FoundPassage, ...]


async def _search(context: ToolContext, asked: SearchDocumentation) -> Passages:
    found = await asyncio.to_thread(context.services.documents.search, asked.query, asked.limit)
    return Passages(passages=tuple(FoundPassage(title=one.title, path=one.path, text=one.text) for one in found))


TOOLS = (
    ToolSpec(
        name="search_documentation",
        title="Search the documentation",
        description="Find passages of the documentation, how-tos and skills of this computing centre.",
        input=SearchDocumentation,
        output=Passages,
        risk=Risk.READ,
        scopes=frozenset(),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=Label(Confidentiality.PUBLIC, Integrity.TRUSTED),
        run=_search,
    ),
)
