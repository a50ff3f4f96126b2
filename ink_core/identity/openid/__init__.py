"""Signing in by an OpenID Connect provider: authorisation code flow with PKCE (OpenID Connect Core 1.0, RFC 7636).

Needs the extra `oidc`. `sign_in` is the whole, `pending` remembers who set out, `provider` speaks with the provider and
`id_token` decides whom its token names.
"""
