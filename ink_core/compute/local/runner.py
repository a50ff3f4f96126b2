"""`python -I -m ink_core.compute.local.runner DIRECTORY JOB_ID CLAIM SLOTS`: the detached process around one local job.

It detaches before it imports anything, because whoever started it waits for that.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    directory, job_id, token, slots = sys.argv[1:]
    if os.fork():
        os._exit(0)
    from pathlib import Path

    from ink_core.compute.local.capacity import of_machine
    from ink_core.compute.local.queue import LocalQueue
    from ink_core.compute.local.run import run
    from ink_core.compute.local.slots import Claim

    run(LocalQueue(Path(directory)), Claim(job_id, token), of_machine(int(slots)))


if __name__ == "__main__":
    main()
