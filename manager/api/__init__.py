"""The manager's HTTP interface: `/api/v1`, the workers' and terminals' WebSockets, and the page."""
