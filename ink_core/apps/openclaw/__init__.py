"""OpenClaw: its manifest, and what a session of it gets from the site."""
