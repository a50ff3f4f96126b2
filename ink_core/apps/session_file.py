"""What a job of an app is told: `session.json` (mode 0600) in the folder of its session, read by the door on the node.

The job runs `python3 -I door.py session.json` in the folder `.ink/Jobs/{app}-{timestamp}` (mode 0700). The door listens
on one TCP port of the node, so that the path of the session is known: `/{app}/{node}/{port}/{user}/`. In `command` and
`environment` it puts for `{socket}` the unix socket on which the app is to listen, for `{app_port}` a free port of the
loopback device (apps that know no sockets: `listens` is "port"), for `{base_path}` the path of the session with both
slashes, for `{folder}` the folder. It starts the command in `directory`, and waits until a GET of `ready_path` (below
the path of the session, or below `/` with `strip_prefix`) is answered with less than 500.

Then it registers once: POST of `Registration` to `callback_url`. 204 is done, 410 is done already; 409, 429, 5xx and no
answer are worth another attempt within `start_timeout_s`; anything else ends the job. Once registered, it removes this
file. It lets pass only requests with `secret` in the header `X-Ink-App-Secret`, takes the header away, and sets
`app_headers`, of which those without a value are only taken away; with `strip_prefix` it takes the path of the session
from the front of the request's path. Cookies and `Authorization` of the browser never reach the app. It ends when
nobody was connected for `idle_timeout_s`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ink_core.compute.model import Value

SESSION_FILE = "session.json"
DOOR_FILE = "door.py"


class SessionFile(Value):
    """Secrets are in here: it is written by the user's agent, and never recorded."""

    version: Literal[1] = 1
    session_id: str
    app: str
    user: str
    command: tuple[str, ...]
    environment: dict[str, str]
    directory: str
    listens: Literal["socket", "port"]
    strip_prefix: bool
    ready_path: str
    start_timeout_s: float
    idle_timeout_s: float = 8 * 3600.0
    secret: str = Field(repr=False)
    app_headers: dict[str, str] = Field(repr=False)
    callback_url: str
    callback_ca: str | None = None
    callback_token: str = Field(repr=False)


class Registration(Value):
    """Body of the callback. `node` is the name of the machine as it calls itself."""

    session_id: str = Field(min_length=1, max_length=100)
    token: str = Field(min_length=1, max_length=200, repr=False)
    node: str = Field(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
    port: int = Field(ge=1024, le=65535)
