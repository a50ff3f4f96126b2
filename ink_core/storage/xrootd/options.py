"""What a site says of one storage."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

HOST = r"^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$"


class StorageOptions(BaseModel):
    """XRootD with its HTTP protocol (`xrd.protocol http`) over TLS."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$", description="What users call it.")
    url: str = Field(pattern=r"^https://[^/?#@\s]+$", description="Where it is: https://host:port, without a path.")
    ca_file: str | None = Field(default=None, description="Certificates that it is known by; null for the system's.")
    token_files: tuple[str, ...] = Field(
        default=("/run/user/{uid}/bt_u{uid}", "/tmp/bt_u{uid}"),  # noqa: S108 - as WLCG's discovery of tokens says
        min_length=1,
        description="Where a user's bearer token lies: the first that is there; {home} is the user's workspace.",
    )
    data_servers: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="Hosts that it may send a reader on to, with the token; *.example.org for all below one.",
    )
    deadline_s: float = Field(default=20, gt=0, le=300, description="How long it may take to answer.")

    def of(self, home: str) -> StorageOptions:
        """For the user whose workspace at the access point this is."""
        return self.model_copy(update={"token_files": tuple(one.replace("{home}", home) for one in self.token_files)})
