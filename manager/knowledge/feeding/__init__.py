"""What the running platform tells the global model, and how often: clusters, people, the library, measured jobs."""
