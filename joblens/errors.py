"""What can go wrong in JobLens, each with a stable code."""

from __future__ import annotations

from ink_core.errors import BadInput, NotFound, Unavailable


class ProbeRefused(Unavailable):
    """The kernel does not let this level observe it; the message says what is missing."""

    code = "probe_refused"


class GpuRefused(Unavailable):
    """The host has no such GPU driver, or its library does not answer; the message says which."""

    code = "gpu_refused"


class BatchMalformed(BadInput):
    """Bytes that should be a batch are not, or a batch cannot be written as bytes; it says what is wrong."""

    code = "batch_malformed"


class StoreDamaged(Unavailable):
    """The store's file cannot be read as what it says it is, or was written by a newer release."""

    code = "store_damaged"
    retryable = False


class PowerRefused(Unavailable):
    """The host's processors tell no energy, or not to this process."""

    code = "power_refused"


class StoreAway(Unavailable):
    """The store cannot be reached or takes nothing more at present."""

    code = "store_away"


class JobNotRecorded(NotFound):
    """No record of such a job; it may be too old, have run elsewhere, or not have been found yet."""

    code = "job_not_recorded"


class JobNotYetRecorded(JobNotRecorded):
    """It runs, and its node has not reported it yet."""

    code = "job_not_yet_recorded"
    retryable = True


class JobNotStarted(JobNotRecorded):
    """It waits in its queue."""

    code = "job_not_started"
    retryable = True


class JobGone(JobNotRecorded):
    """It ended so long ago that its record was removed."""

    code = "job_record_gone"
    http_status = 410
