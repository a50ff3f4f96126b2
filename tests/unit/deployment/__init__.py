"""Deployments: rendering, keys, containers, courses."""
