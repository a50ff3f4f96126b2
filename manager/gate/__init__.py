"""The one gate: calls of every origin are validated, authorised, recorded, dispatched and recorded again here."""
