"""Deployment: a site rendered from layered YAML, its keys, its containers; nginx, systemd, the development cluster."""
