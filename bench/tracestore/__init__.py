"""What keeping an hour of a job costs in each trace store, beside plain rows in SQLite and in DuckDB."""
