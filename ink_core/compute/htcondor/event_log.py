"""HTCondor's global event log: which jobs something has happened to, without a question to the schedd.

The schedd appends one event after the other to the file that its setting `EVENT_LOG` names: a line that begins with the
event's number and the job's id, what is said of it, and a line of three dots. Only ids are read; what became of the
jobs, the schedd tells. A rotated file is read on from its beginning, and the end of the old one is left to the next
poll.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

_EVENT = re.compile(rb"^\d{3} \((\d{1,9})\.(\d{1,9})\.\d{1,9}\) ", re.MULTILINE)
MOST_BYTES = 1024 * 1024
"""Of what has come since the last call, the end."""


class EventLog:
    """Begins with what is written from now on. Where there is no file, or none that can be read, nothing happens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode: int | None = None
        self._offset = 0
        self._read()

    def touched(self) -> Sequence[str]:
        """Ids of the jobs with events since the last call, each once."""
        found = _EVENT.findall(self._read())
        return tuple(dict.fromkeys(f"{int(cluster)}.{int(proc)}" for cluster, proc in found))

    def _read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                return self._news(file.fileno())
        except OSError:
            return b""

    def _news(self, file: int) -> bytes:
        status = os.fstat(file)
        if status.st_ino != self._inode or status.st_size < self._offset:
            self._offset = 0
        self._inode = status.st_ino
        begin = max(self._offset, status.st_size - MOST_BYTES)
        data = os.pread(file, status.st_size - begin, begin)
        whole = data.rfind(b"\n") + 1
        self._offset = begin + whole
        return data[:whole]
