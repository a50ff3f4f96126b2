"""Settings of JobLens: where measurements of jobs are kept, for how long, and how nodes are grouped."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class JobLensSettings(BaseModel):
    """Collectors on the nodes report with tokens of the scope `joblens:write`, which are no settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = Field(description="Whether measurements of jobs are taken in, kept and shown.")
    store: Literal["embedded", "opensearch"] = Field(
        description="embedded: one file beside the manager. opensearch: a cluster of OpenSearch or Elasticsearch."
    )
    file: Path = Field(description="The embedded store, made when it is first needed.")
    url: str | None = Field(
        pattern=r"^https?://[^/?#@]+(/[^?#]*)?$", description="Address of OpenSearch; null for the embedded store."
    )
    username: str | None = Field(description="Account at OpenSearch; null for none.")
    password_file: Path | None = Field(description="File with its password, readable by its owner only.")
    public_documents: bool = Field(
        description="Whether records are written to OpenSearch also as documents that the public JobLens reads."
    )
    ca_file: Path | None = Field(description="Certificates that OpenSearch's is checked with; null for the system's.")
    keep_days: float = Field(gt=0, le=3660, description="Jobs that ended longer ago are forgotten.")
    max_gb: float = Field(gt=0, description="Size of the embedded store; beyond it the oldest jobs are forgotten.")
    deadline_s: float = Field(gt=0, le=300, description="How long a question may take the store.")
    rules_file: Path | None = Field(
        description="Rules that watch running jobs (docs/reference/joblens-rules.md); null for the shipped ones."
    )
    node_groups: dict[str, tuple[str, ...]] = Field(
        description="Names for groups of nodes, each a list of host names; lists of jobs are filtered by them."
    )

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.store == "opensearch" and self.url is None:
            raise ValueError("joblens.store is opensearch, which needs joblens.url")
        return self
