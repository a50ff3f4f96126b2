"""What the manager measures of itself, for Prometheus: counted as it happens, and read at the scrape.

Labels are words of the code and names of the site's own configuration (clusters, models); never a user, a session, a
path or anything that somebody outside could choose, so their number is bounded.
"""
