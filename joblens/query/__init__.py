"""What JobLens tells whom: the questions that routes and tools ask of the store for a signed-in user (`lens`)."""
