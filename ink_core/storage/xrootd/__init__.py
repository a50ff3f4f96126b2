"""Files on XRootD by its HTTP side (WebDAV), read by the user's own agent with the user's own bearer token."""
