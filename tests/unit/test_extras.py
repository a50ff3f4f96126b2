"""Without its extras the manager works: what wants one of them loads it only where it is configured."""

from __future__ import annotations

import subprocess
import sys

LOAD = """
import importlib, pkgutil, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"gssapi", "joserfc", "psycopg", "pyslurm", "uproot"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
import manager
for module in pkgutil.walk_packages(manager.__path__, "manager."):
    importlib.import_module(module.name)
print("loaded", "manager.upgrade" in sys.modules, "manager.backup.restore" in sys.modules)
"""


def test_every_part_of_the_manager_loads_without_an_extra() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, timeout=300)

    assert (loaded.returncode, loaded.stdout) == (0, "loaded True True\n"), loaded.stderr
