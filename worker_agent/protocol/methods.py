"""The closed lists of method names and notification names."""

from __future__ import annotations

from worker_agent.protocol.archives import (
    ArchiveClose,
    ArchiveOpen,
    ArchiveOpened,
    ArchivePack,
    ArchivePiece,
    ArchiveRead,
    ArchiveUnpack,
    ArchiveUnpacked,
)
from worker_agent.protocol.calls import OperationOutcome, OutcomeQuery, Ping, Pong, Shutdown
from worker_agent.protocol.copies import (
    FileChecksum,
    FilesChecksum,
    FilesCopy,
    FilesFind,
    FilesMade,
    FilesMatched,
    FilesMode,
)
from worker_agent.protocol.files import (
    DiskUsage,
    DiskUse,
    FileContent,
    FileDigest,
    FileEntry,
    FilesDigest,
    FilesFound,
    FilesList,
    FilesListed,
    FilesMakeDirectory,
    FilesPatch,
    FilesPatched,
    FilesRead,
    FilesRemove,
    FilesRemoved,
    FilesRename,
    FilesSearch,
    FilesStat,
    FilesWrite,
    FileWritten,
)
from worker_agent.protocol.listings import FileRow, FilesPage, FilesPaged, FilesStatus
from worker_agent.protocol.processes import ProcessEnded, ProcessKill, ProcessKilled, ProcessOutput, ProcessRun
from worker_agent.protocol.quotas import Quota, QuotaShow
from worker_agent.protocol.terminals import (
    TerminalAttach,
    TerminalBacklog,
    TerminalClosed,
    TerminalInfo,
    TerminalInput,
    TerminalList,
    TerminalOpen,
    TerminalOutput,
    TerminalResize,
    Terminals,
    TerminalTarget,
)
from worker_agent.protocol.transfers import (
    FilePiece,
    FilesPull,
    Upload,
    UploadAppend,
    UploadBegin,
    UploadCommit,
    UploadCut,
    UploadJoin,
    UploadList,
    Uploads,
    UploadTarget,
)
from worker_agent.protocol.trash import (
    Trash,
    TrashedEntry,
    TrashList,
    TrashPut,
    TrashRemove,
    TrashRemoved,
    TrashRestore,
)
from worker_agent.protocol.wire import Wire
from worker_agent.protocol.witness import WitnessCosign, WitnessCosigned

METHODS: dict[str, tuple[type[Wire], type[Wire]]] = {
    "worker.ping": (Ping, Pong),
    "worker.shutdown": (Shutdown, Pong),
    "operation.outcome": (OutcomeQuery, OperationOutcome),
    "witness.cosign": (WitnessCosign, WitnessCosigned),
    "files.list": (FilesList, FilesListed),
    "files.stat": (FilesStat, FileEntry),
    "files.read": (FilesRead, FileContent),
    "files.digest": (FilesDigest, FileDigest),
    "files.write": (FilesWrite, FileWritten),
    "files.patch": (FilesPatch, FilesPatched),
    "files.search": (FilesSearch, FilesFound),
    "files.mkdir": (FilesMakeDirectory, FileEntry),
    "files.remove": (FilesRemove, FilesRemoved),
    "files.rename": (FilesRename, FileEntry),
    "files.disk_use": (DiskUse, DiskUsage),
    "files.page": (FilesPage, FilesPaged),
    "files.status": (FilesStatus, FileRow),
    "files.pull": (FilesPull, FilePiece),
    "files.copy": (FilesCopy, FileEntry),
    "files.made": (FilesMade, FileEntry),
    "files.mode": (FilesMode, FileEntry),
    "files.checksum": (FilesChecksum, FileChecksum),
    "files.find": (FilesFind, FilesMatched),
    "archive.open": (ArchiveOpen, ArchiveOpened),
    "archive.read": (ArchiveRead, ArchivePiece),
    "archive.close": (ArchiveClose, ArchiveOpened),
    "archive.pack": (ArchivePack, FileEntry),
    "archive.unpack": (ArchiveUnpack, ArchiveUnpacked),
    "quota.show": (QuotaShow, Quota),
    "trash.put": (TrashPut, TrashedEntry),
    "trash.list": (TrashList, Trash),
    "trash.restore": (TrashRestore, FileEntry),
    "trash.remove": (TrashRemove, TrashRemoved),
    "upload.begin": (UploadBegin, Upload),
    "upload.append": (UploadAppend, Upload),
    "upload.cut": (UploadCut, Upload),
    "upload.stat": (UploadTarget, Upload),
    "upload.list": (UploadList, Uploads),
    "upload.join": (UploadJoin, Upload),
    "upload.abort": (UploadTarget, Upload),
    "upload.commit": (UploadCommit, FileEntry),
    "process.run": (ProcessRun, ProcessEnded),
    "process.kill": (ProcessKill, ProcessKilled),
    "terminal.open": (TerminalOpen, TerminalInfo),
    "terminal.attach": (TerminalAttach, TerminalBacklog),
    "terminal.write": (TerminalInput, TerminalInfo),
    "terminal.resize": (TerminalResize, TerminalInfo),
    "terminal.close": (TerminalTarget, TerminalInfo),
    "terminal.list": (TerminalList, Terminals),
}
"""The closed list of methods every agent answers: name → (arguments, result). Capability packs add their own."""

NOTIFICATIONS: dict[str, type[Wire]] = {
    "process.output": ProcessOutput,
    "terminal.output": TerminalOutput,
    "terminal.closed": TerminalClosed,
}
