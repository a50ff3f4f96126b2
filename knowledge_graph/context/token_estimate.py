"""How many tokens a text costs: an estimate, not a tokenizer. Pure.

Four ASCII characters or one Chinese character per token, which is on the safe side for the tokenizers in use.
"""

from __future__ import annotations


def tokens(text: str) -> int:
    wide = (len(text.encode(errors="replace")) - len(text)) // 2
    return (len(text) - wide) // 4 + wide + 1


def quarters(text: str) -> int:
    """Quarters of a token, for adding up pieces: `tokens` of them together is at most a quarter of the sum, plus 1."""
    wide = (len(text.encode(errors="replace")) - len(text) + 1) // 2
    return len(text) + 3 * wide
