"""A typed client of the INK Harness for programs with a token; all operations are below `ink_client.rest.api`.

from ink_client import checked, connect
from ink_client.rest.api.jobs import get_jobs

with connect() as client:
    page = checked(get_jobs.sync(client=client, limit=50))
"""

from __future__ import annotations

from ink_client.connection import NoToken, connect
from ink_client.events import ServerEvent, afollow, follow
from ink_client.pages import apages, pages
from ink_client.problems import InkProblem, checked

__all__ = ["InkProblem", "NoToken", "ServerEvent", "afollow", "apages", "checked", "connect", "follow", "pages"]
