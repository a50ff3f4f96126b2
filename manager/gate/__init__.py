"""The one gate: every tool call of every origin is validated, authorised, recorded, dispatched and recorded again here."""
