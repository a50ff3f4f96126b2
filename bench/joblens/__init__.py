"""What JobLens costs and whether it is exact, beside other ways to observe jobs."""
