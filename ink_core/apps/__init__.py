"""Interactive apps as cluster jobs: what a site offers, the sessions of its users, and how a browser reaches one."""
