"""The agent: a pure loop machine, the language models it asks, and the offline guide that answers without one."""
