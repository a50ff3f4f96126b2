"""The peer: the tool whose name and description have the most telling words of the question, without arguments."""

from __future__ import annotations

from knowledge_graph.documents import DocumentIndex
from knowledge_graph.markdown import Passage
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, UserTurn


def reply_by_words(request: ModelRequest) -> ModelReply:
    index = DocumentIndex(
        Passage(tool.name.replace("_", " "), tool.name, tool.description.lower()) for tool in request.tools
    )
    try:
        found = index.search(_asked(request), 1)
    finally:
        index.close()
    return ModelReply("", tuple(RequestedCall("words", one.path, {}, "{}") for one in found))


def _asked(request: ModelRequest) -> str:
    return "\n".join(turn.text for turn in request.turns if isinstance(turn, UserTurn))
