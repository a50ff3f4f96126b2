"""`/api/v1/files`: one's own files. Reads go to the user's own agent; changes are tool calls through the gate."""

from collections.abc import Sequence

from fastapi import APIRouter

from ink_core.api.files import archives, changes, content, listing, looking, shares, storages, trash, uploads

ROUTERS: Sequence[APIRouter] = (
    listing.router,
    content.router,
    archives.router,
    looking.router,
    changes.router,
    trash.router,
    uploads.router,
    shares.router,
    storages.router,
)
