"""INK's own OpenID issuer: programs sign people in here, by the code flow with PKCE or the device flow.

OpenID Connect Core 1.0; RFC 6749, 7009, 7636, 8252, 8628, 9207. Needs the extra `oidc`. `authorization` is what the
browser sees, `tokens` what the programs get and renew, `requests` and `codes` who is on the way, `keys` signs.
An access token is a token of the platform like any other, so that every route's policy holds for it.
Limits: public clients only, so no introspection; no pages of foreign origins (no CORS); who is on the way is kept in
memory per process, and begins again after a restart.
"""
