"""The verdict on a job over REST: what it is bound by, in plain words, and what to change in its submit file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field

from ink_core.api.area import Area
from joblens.api.parts import Key, LensParts, Reader
from joblens.api.views import spelled_out
from joblens.verdicts.verdict import Cause, Verdict

router = Area(prefix="/api/v1/joblens", tags=["joblens"])


class LensChange(BaseModel):
    """Lines for the submit file of each scheduler; one that begins with # is a remark."""

    htcondor: Sequence[str]
    slurm: Sequence[str]


class LensSaving(BaseModel):
    """What one such job takes from others without using it."""

    core_hours: float
    memory_gb_hours: float
    gpu_hours: float


class LensFinding(BaseModel):
    cause: Cause
    sentence: str
    evidence: Mapping[str, float | str] = Field(description="The figures that it rests on.")
    change: LensChange
    saving: LensSaving


class LensVerdict(LensFinding):
    """`also` applies besides; `unseen` names figures without which some causes cannot be told."""

    confidence: float = Field(ge=0, le=1)
    also: Sequence[LensFinding]
    unseen: Sequence[str]

    @classmethod
    def of(cls, verdict: Verdict) -> LensVerdict:
        told: dict[str, Any] = asdict(verdict)
        also = [_spelled(finding) for finding in told["also"]]
        return cls.model_validate(_spelled(told) | {"also": also})


def _spelled(finding: dict[str, Any]) -> dict[str, Any]:
    """With names of files as JSON can hold them."""
    return spelled_out(finding) | {"evidence": spelled_out(finding["evidence"])}


@router.get("/jobs/{cluster}/{job}/verdict")
async def get_lens_verdict(principal: Reader, lens: LensParts, key: Key) -> LensVerdict:
    """Of a job that runs it is the verdict so far."""
    return LensVerdict.of(await lens.about(principal, key, lambda store: lens.judge(store, key)))
