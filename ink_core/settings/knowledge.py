"""Settings of the global model: how much it holds, and how often it is saved."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from ink_core.settings.section import Section


class KnowledgeSettings(Section):
    """What is known of the site, in the memory of the manager and in the database."""

    documents: tuple[Path, ...] = Field(
        default=(),
        max_length=50,
        description="Folders of Markdown of the site's own, read again when a file in them changes: all users see it.",
    )
    context_tokens: int = Field(
        ge=0,
        le=20_000,
        description="Tokens of facts that go with a question to a model: an eighth of its context at most.",
    )
    max_facts: int = Field(ge=1, le=20_000_000, description="Facts that are kept, of some 300 bytes each.")
    max_waiting: int = Field(
        ge=1, le=20_000_000, description="Facts that may wait to be taken in; beyond it their sources wait."
    )
    save_s: float = Field(gt=0, le=3600, description="How often changes are put on disk.")
