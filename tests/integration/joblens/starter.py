"""A starter of test jobs. It runs what it is told one after the other and says what the kernel told it of each.

In: a job on a line as JSON: `argv`, `environ`, and `times` how often. Out: a list on a line, an entry for each time.
"""

import json
import os
import sys


def run(argv: list[str], environ: dict[str, str]) -> dict[str, float]:
    pid = os.posix_spawn(argv[0], argv, environ)
    _, status, used = os.wait4(pid, 0)
    return {
        "pid": pid,
        "code": os.waitstatus_to_exitcode(status),
        "cpu_ns": round((used.ru_utime + used.ru_stime) * 1e9),
        "rss_peak_bytes": used.ru_maxrss * 1024,
        "minor_faults": used.ru_minflt,
        "switches": used.ru_nvcsw + used.ru_nivcsw,
    }


for line in sys.stdin:
    job = json.loads(line)
    ran = [run(job["argv"], job["environ"] | {"SLURM_JOB_ID": str(number)}) for number in range(job["times"])]
    print(json.dumps(ran), flush=True)
