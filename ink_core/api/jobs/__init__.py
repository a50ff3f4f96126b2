"""Native routes below `/api/v1/jobs`: reads from the queue mirror, changes through the gate."""
