"""Which folders of Markdown are the documentation: that of the product, and the site's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ink_core.settings import Settings


def document_roots(settings: Settings) -> Sequence[Path]:
    root = Path(__file__).resolve().parent.parent
    return [root / "docs", root / "skills", *settings.skills.folders, *settings.knowledge.documents]
