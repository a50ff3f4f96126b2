"""The global model as part of the running platform: fed, asked, saved and recovered, off the event loop."""
