"""Who may sign in and with what: users, passwords, browser sessions, API tokens and one-time sign-in codes."""
