"""One server: a node of its own in a directory of its own, started by the server's own program, gone at the end.

The server refuses to run as root, so root starts it as `nobody`. It ends with the process that started it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.opensearch.jars import folder, why_no_jars

START_S = 120.0
HEAP = "384m"
_JAVA = (
    "-Xms128m", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
    "-Djava.security.manager=allow", "-Dlog4j2.disable.jmx=true", "-Dopensearch.distribution.type=tar",
)  # fmt: skip
_SETTINGS = """\
cluster.name: ink-tests
node.name: only
node.portsfile: true
network.host: 127.0.0.1
http.port: 19200-19999
transport.port: 18300-18999
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: true
"""
_LOGGING = """\
status = error
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c{1} %m%n
"""
_TRANSPORT = """\
name=transport-netty4
description=the server's transport over TCP and HTTP
classname=org.opensearch.transport.Netty4Plugin
java.version=11
version={version}
opensearch.version={version}
"""
_RIGHTS = """\
grant {
  permission java.lang.RuntimePermission "*";
  permission java.util.PropertyPermission "*", "read,write";
  permission java.net.SocketPermission "*", "accept,connect,listen,resolve";
};
"""


def why_no_opensearch() -> str | None:
    """The reason why none can be started here, or None."""
    if shutil.which("setpriv") is None:
        return "there is no setpriv (util-linux), which ends the server with its starter and changes the user"
    return why_no_jars()


class Opensearch:
    def __init__(self, home: Path, *, detached: bool = False) -> None:
        self.home = home
        self._detached = detached
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As the server wrote it down. Raises `FileNotFoundError` before it listens."""
        return f"http://{(self.home / 'logs/http.ports').read_text().split()[0]}"

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid

    def lay_out(self, jars: Path) -> None:
        """Its program folder: the transport is a module, whatever else there is are its libraries."""
        for name in ("config", "data", "logs", "plugins", "tmp", "lib", "modules/transport-netty4"):
            (self.home / name).mkdir(parents=True)
        module = self.home / "modules/transport-netty4"
        for jar in jars.glob("*.jar"):
            is_transport = jar.name.startswith(("netty-", "transport-netty4"))
            shutil.copy(jar, module if is_transport else self.home / "lib")
        version = next(jars.glob("transport-netty4-client-*.jar")).stem.rpartition("-")[2]
        (module / "plugin-descriptor.properties").write_text(_TRANSPORT.format(version=version))
        (module / "plugin-security.policy").write_text(_RIGHTS)
        (self.home / "config/opensearch.yml").write_text(_SETTINGS)
        (self.home / "config/log4j2.properties").write_text(_LOGGING)
        if os.geteuid() == 0:
            for place in (self.home, *self.home.rglob("*")):
                shutil.chown(place, "nobody")

    def start(self) -> None:
        (self.home / "logs/http.ports").unlink(missing_ok=True)
        paths = (
            f"-Dopensearch.path.{name}={place}" for name, place in (("home", self.home), ("conf", self.home / "config"))
        )
        argv = ["java", *_JAVA, *paths, f"-Djava.io.tmpdir={self.home / 'tmp'}", "-cp", f"{self.home}/lib/*",
                "org.opensearch.bootstrap.OpenSearch"]  # fmt: skip
        with (self.home / "server.out").open("ab") as output:
            self._server = subprocess.Popen(
                [*self._as_user(), *argv], cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=self._detached,
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                said = (self.home / "server.out").read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"OpenSearch did not start in {self.home} within {START_S:.0f} s:\n{said}")
            time.sleep(0.05)

    def _as_user(self) -> list[str]:
        identity = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", *identity, *([] if self._detached else ["--pdeathsig=KILL"])]

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5) as answer:
                return json.load(answer)["status"] != "red"
        except (OSError, IndexError, ValueError):
            return False

    def stop(self) -> None:
        """At once, as a crash does; what was acknowledged stays."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(30)
            self._server = None


@contextmanager
def running_opensearch() -> Generator[Opensearch]:
    """A new server, up; everything of it is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="ink-opensearch-", ignore_cleanup_errors=True) as made:
        server = Opensearch(Path(made))
        server.lay_out(folder())
        server.start()
        try:
            yield server
        finally:
            server.stop()
