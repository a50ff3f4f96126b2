"""Signing in with a Kerberos ticket by SPNEGO (RFC 4559). `acceptor` needs the extra `kerberos`."""
