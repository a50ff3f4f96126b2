"""Settings of signing in: first accounts, providers that vouch for people, and programs that sign people in here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ink_core.identity.principal import USER_SCOPES, Scope
from ink_core.settings.section import Name, Section

RedirectUri = Annotated[
    str,
    Field(
        max_length=500,
        pattern=r"^(https://[^/?#\s@]+|http://(127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:)(/[^#\s]*)?$",
    ),
]


class AccountSettings(Section):
    """An account that is made at the first start; it has no password until somebody sets one."""

    username: str = Field(min_length=1, max_length=32)
    is_admin: bool = False


class OpenIdSettings(Section):
    """One OpenID Connect provider. It must send browsers back to {public_url}/sign-in/openid/{name}/callback."""

    name: Name = Field(description="Its name in addresses here.")
    title: str = Field(min_length=1, max_length=60, description="Its name on the button.")
    issuer: str = Field(
        pattern=r"^(https://[^?#\s]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^?#\s]*)?)$",
        description="Its issuer, exactly as it names itself; in the clear on this machine only.",
    )
    client_id: str = Field(min_length=1, description="Who this site is to the provider.")
    client_secret_file: Path | None = Field(
        default=None,
        description="File with the secret, readable by its owner only; none for a public client.",
    )
    client_secret_env: str | None = Field(default=None, description="Environment variable that holds the secret.")
    scopes: tuple[str, ...] = Field(default=("openid", "profile"), description="What is asked for; openid is needed.")
    username_claim: str = Field(default="preferred_username", description="Claim with the name of the account.")
    accounts: Literal["existing", "create"] = Field(
        default="existing", description="existing: who has no account is refused. create: the first sign-in makes one."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.client_secret_file and self.client_secret_env:
            raise ValueError("give client_secret_file or client_secret_env, not both")
        if "openid" not in self.scopes:
            raise ValueError("scopes must hold openid")
        return self


class ClientSettings(Section):
    """A program that signs people in here: a public client of INK's own OpenID issuer, which is {public_url}/oidc."""

    name: Name = Field(description="Its client_id.")
    title: str = Field(min_length=1, max_length=60, description="Its name on the page where people agree.")
    redirect_uris: tuple[RedirectUri, ...] = Field(
        default=(),
        max_length=20,
        description="Where it is answered, to the letter: https://…, http://127.0.0.1/… (on any port) or a scheme "
        "of its own such as org.example.app:/…; none for the device flow alone.",
    )
    scopes: tuple[Scope, ...] = Field(
        default=tuple(sorted(USER_SCOPES)), description="The most that it may ask for; none for signing in alone."
    )


class KerberosSettings(Section):
    """Signing in with a Kerberos ticket (extra `kerberos`)."""

    realm: str = Field(min_length=1, description="Realm whose people sign in, each to the account of the name.")
    service: str = Field(pattern=r"^HTTP@[A-Za-z0-9.-]+$", description="HTTP@ and the host of public_url.")
    keytab: Path = Field(description="File with the service's key, readable by the manager's user only.")
    accounts: Literal["existing", "create"] = Field(
        default="existing", description="existing: who has no account is refused. create: the first sign-in makes one."
    )


class SignInSettings(Section):
    one_time_link: bool = Field(description="Print one-time sign-in links of the first accounts at the start.")
    first_accounts: tuple[AccountSettings, ...] = Field(
        default=(),
        description="Accounts made at the first start; none means the one who starts it, and admin, if one_time_link.",
    )
    openid: tuple[OpenIdSettings, ...] = Field(default=(), description="OpenID Connect providers (extra `oidc`).")
    clients: tuple[ClientSettings, ...] = Field(
        default=(), max_length=100, description="Programs that sign people in here, by OpenID Connect (extra `oidc`)."
    )
    ssh_ca_key_file: Path | None = Field(
        default=None,
        description="Private key of the site's SSH certificate authority, readable by its owner only, for certificates "
        "of five minutes to tokens with credentials:export; null for none.",
    )
    kerberos: KerberosSettings | None = Field(default=None, description="Kerberos; null for none.")
