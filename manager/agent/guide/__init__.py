"""The offline guide's knowledge: which question means which tool call, and how a result reads."""
