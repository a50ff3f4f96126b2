"""The global model on disk: a log of its changes, and a snapshot that takes the place of the log's beginning."""
