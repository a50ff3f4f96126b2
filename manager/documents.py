"""Which folders of Markdown are the documentation, that of the product and the site's own, and their index.

Read after the start, which does not wait for it; the site's own are read again when a file in them has changed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from ink_core.settings import Settings
from knowledge_graph.documents import DocumentIndex
from knowledge_graph.markdown import MAX_FILES, Passage, passages_below

Stamp = tuple[tuple[str, int, int], ...]


class SiteDocuments:
    """Implements the tools' `Documents`. `look` is to be called every few seconds, one at a time.

    The index is made by the first `look`, or by who searches before it.
    """

    def __init__(self, roots: Sequence[Path], own: Sequence[Path]) -> None:
        self._roots, self._own = roots, own
        self._stamp: Stamp | None = None
        self._index: DocumentIndex | None = None
        self._making = threading.Lock()

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """May be called from any thread."""
        index = self._index
        if index is None:
            with self._making:
                index = self._make() if self._index is None else self._index
        return index.search(query, limit)

    def passages(self) -> Iterator[Passage]:
        return chain.from_iterable(passages_below(root) for root in self._roots)

    def stamp(self) -> Stamp:
        """Another one when something in the site's own folders is another; the product's change with a release."""
        return tuple(chain.from_iterable(_files_below(root) for root in self._own))

    async def look(self) -> None:
        stamp = await asyncio.to_thread(self.stamp)
        if stamp != self._stamp:
            await asyncio.to_thread(self._make_again)
            self._stamp = stamp

    def _make_again(self) -> None:
        with self._making:
            self._make()

    def _make(self) -> DocumentIndex:
        self._index = DocumentIndex.build(self._roots)
        return self._index


def open_documents(settings: Settings) -> SiteDocuments:
    root = Path(__file__).resolve().parent.parent
    own = [*settings.skills.folders, *settings.knowledge.documents]
    return SiteDocuments([root / "docs", root / "skills", *own], own)


def _files_below(root: Path) -> Iterator[tuple[str, int, int]]:
    for file in sorted(islice(root.rglob("*.md"), MAX_FILES)):
        try:
            status = file.stat()
        except OSError:
            continue  # gone since, or a link to nowhere
        yield str(file), status.st_size, status.st_mtime_ns
