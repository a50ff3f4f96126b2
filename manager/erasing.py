"""Erasing what is personal wherever it is kept: in the ledger, and in the recordings of terminals beside it."""

from __future__ import annotations

from dataclasses import dataclass

from audit.erasing import NothingToErase, Selection, erase
from audit.ledger import Ledger, Targets
from ink_core.settings import Settings
from manager.workers.terminal_recorder import TerminalRecorder
from manager.workers.terminal_recording_files import RecordingFiles


@dataclass(frozen=True)
class Erased:
    targets: Targets
    recordings: int

    @property
    def events(self) -> int:
        return sum(map(len, self.targets.values()))


async def erase_everywhere(
    ledger: Ledger, recorder: TerminalRecorder, selection: Selection, *, by: str, reason: str
) -> Erased:
    """Raises what `audit.erasing.erase` raises, and has erased nothing then. Recordings are those of a whole user."""
    targets, nothing = dict[str, list[int]](), None
    try:
        targets = await erase(ledger, selection, by=by, reason=reason)
    except NothingToErase as error:
        nothing = error
    recordings = await recorder.erase(selection.user, by=by) if selection.user else 0
    if nothing and not recordings:
        raise nothing
    return Erased(targets, recordings)


def open_recordings(settings: Settings) -> RecordingFiles | None:
    """None where terminals are not recorded."""
    most = settings.audit.terminals_mb
    return RecordingFiles(settings.data_dir / "terminals", most * 2**20) if most else None
