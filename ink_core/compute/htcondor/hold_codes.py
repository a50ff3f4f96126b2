"""HTCondor's hold reason codes in plain words, each with what the user can do.

Source: HTCondor manual, job ClassAd attribute `HoldReasonCode`.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass

_ERRNO_SUBCODES = frozenset({6, 7, 8, 9, 10, 12, 13, 14, 22})


@dataclass(frozen=True)
class HoldCode:
    words: str
    proposal: str


_RELEASE = "release the job"
_FILES = "check that the files and directories named in the reason exist and may be used, then release the job"
_ADMIN = "ask the site's administrators; the reason names the policy"

HOLD_CODES: dict[int, HoldCode] = {
    1: HoldCode("somebody held it by request", _RELEASE),
    3: HoldCode(
        "the job's own periodic_hold expression became true", "remove the cause that it names, then release it"
    ),
    4: HoldCode("its credential is invalid", "renew the credential, then release the job"),
    5: HoldCode("one of the job's policy expressions is undefined", "submit it again with a correct expression"),
    6: HoldCode(
        "its program could not be started on the execute node",
        "check that the program exists there, is executable and its '#!' line is right, then release the job",
    ),
    7: HoldCode("its output file could not be opened", _FILES),
    8: HoldCode("its input file could not be opened", _FILES),
    9: HoldCode("its output stream could not be opened", _FILES),
    10: HoldCode("its input stream could not be opened", _FILES),
    11: HoldCode("a file transfer was not acknowledged", _RELEASE),
    12: HoldCode("its output files could not be transferred back", _FILES),
    13: HoldCode("its input files could not be transferred to the node", _FILES),
    14: HoldCode("its working directory cannot be used on the execute node", _FILES),
    15: HoldCode("it was submitted on hold", _RELEASE),
    16: HoldCode("its input files are still being uploaded", "wait for the upload to finish"),
    17: HoldCode("the shadow does not fit the job", _ADMIN),
    18: HoldCode("a file transfer was not admitted", _RELEASE),
    19: HoldCode("a site hook that prepares jobs failed", _ADMIN),
    20: HoldCode("it missed its deferred start", "submit it again"),
    21: HoldCode("the execute node held it by its policy", _ADMIN),
    22: HoldCode("its event log could not be opened", _FILES),
    23: HoldCode("the execute node cannot use the job owner's account", _ADMIN),
    24: HoldCode("there is no shadow for this kind of job", _ADMIN),
    25: HoldCode("its cron settings are wrong", "submit it again with correct settings"),
    26: HoldCode("the site's policy held it", _ADMIN),
    27: HoldCode("the site's policy could not be evaluated", _ADMIN),
    32: HoldCode("its input files are larger than allowed", "transfer less, or read from shared storage"),
    33: HoldCode("its output files are larger than allowed", "write less, or write to shared storage"),
    34: HoldCode(
        "it used more memory or disk than it asked for", "raise the request (hep_edit -m MB), then release it"
    ),
    35: HoldCode("its container image cannot be used", "correct the image's name, then submit it again"),
    36: HoldCode("it could not write its checkpoint", _FILES),
    43: HoldCode("its pre-script failed", "correct the script, then release the job"),
    44: HoldCode("its post-script failed", "correct the script, then release the job"),
    45: HoldCode("the container runtime failed its test on that node", _RELEASE),
    46: HoldCode("it exceeded its allowed duration", "submit it again with a longer time, or split the work"),
    47: HoldCode("it exceeded its allowed time of execution", "submit it again with a longer time, or split the work"),
    48: HoldCode("a site hook that prepares jobs failed", _ADMIN),
}


def hold_code(code: int | None) -> HoldCode:
    return HOLD_CODES.get(
        code or 0, HoldCode("HTCondor held it", "remove the cause that the reason names, then release it")
    )


def subcode_words(code: int | None, subcode: int | None) -> str | None:
    """What a subcode means where it is a system error number."""
    if code not in _ERRNO_SUBCODES or subcode is None or subcode not in errno.errorcode:
        return None
    return os.strerror(subcode)
