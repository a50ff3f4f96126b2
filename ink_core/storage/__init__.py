"""Files of users: signed links now; file operations run in the users' own agents."""
