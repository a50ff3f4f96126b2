"""Words of a text in English and Chinese, as the full-text searches index and ask for them. Pure.

Runs of Chinese characters count as overlapping pairs: FTS5's own trigrams cannot find words of two characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MAX_QUERY_CHARACTERS = 2_000
MAX_QUERY_TERMS = 40

_RUN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff]+)|([^\W_]+)")
_FILLERS = frozenset(
    "a an and are as at be by can do does for from how i in is it me my of on or our please should the there this to"
    " was we what when where which why will with you your".split()
) | frozenset(("什么", "怎么", "如何", "怎样", "哪里", "请问", "可以", "我的"))


def words(text: str) -> Iterator[str]:
    """Lower-case words; Chinese runs as pairs of characters."""
    for chinese, word in _RUN.findall(text.lower()):
        if word:
            yield word
        elif len(chinese) == 1:
            yield chinese
        else:
            yield from (chinese[start : start + 2] for start in range(len(chinese) - 1))


def spaced(text: str) -> str:
    """The words with spaces between them, for a tokenizer that knows no Chinese."""
    return " ".join(words(text))


def telling_words(query: str) -> Sequence[str]:
    """The words to search for, each once, at most `MAX_QUERY_TERMS`; fillers only where there is nothing else."""
    found = list(dict.fromkeys(words(query[:MAX_QUERY_CHARACTERS])))
    return ([word for word in found if word not in _FILLERS] or found)[:MAX_QUERY_TERMS]


def any_of(terms: Sequence[str]) -> str:
    """FTS5 expression; empty for no words. A single Chinese character stands for the pairs that begin with it."""
    return " OR ".join(f'"{word}"*' if len(word) == 1 and not word.isascii() else f'"{word}"' for word in terms)
