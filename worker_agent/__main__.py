"""`python -I -m worker_agent --config FILE|-`: starts one agent and ends with a code of `exits.Exit`.

Limits: the only argument is where the configuration is; secrets never stand on the command line.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import NoReturn

from worker_agent.lean import without_unused_modules

with without_unused_modules():
    from worker_agent.agent import run_agent
    from worker_agent.configuration import BadConfig, read_config
    from worker_agent.exits import Exit
    from worker_agent.packs import PackNotLoaded

_USAGE = "Usage: python -I -m worker_agent --config FILE|-"


def main(arguments: list[str]) -> Exit:
    if len(arguments) != 2 or arguments[0] != "--config":
        return _complain(_USAGE)
    try:
        config = read_config(arguments[1])
        return asyncio.run(run_agent(config))
    except (BadConfig, PackNotLoaded) as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"The workspace cannot be opened: {error.strerror}.")


def _complain(message: str) -> Exit:
    sys.stderr.write(f"worker_agent: {message}\n")
    return Exit.BAD_CONFIG


def _leave(code: Exit) -> NoReturn:
    """End now: a thread that hangs in a dead file system must not keep the process."""
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("websockets").setLevel(logging.WARNING)
    _leave(main(sys.argv[1:]))
