"""English that is left on a page in Chinese: what no dictionary says in Chinese and no data of the server holds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

ENGLISH = Path(__file__).parents[2] / "web/src/i18n/en"
NAMES = set(
    """
    INK Harness AI I O JobLens API REST MCP CPU GPU DAG QOS CSV PDF SSH Schedd Kerberos OpenID Markdown YAML
    English Shell Authorization Bearer TOKEN token tokens Token ink audit verify FILE KEY TEXT key anchors
    Enter Shift Ctrl Escape MB MiB GiB KiB kB GB TB B W Wh h s ms min d
    """.split()
)
"""Names, units and what is typed as it is; the language switch names the other language in its own words."""

# What is data by where it stands: code, what an agent answered, an event as it is on record.
SHOWN = """() => {
  const seen = []
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  const data = 'code, pre, .mono, .cm-editor, .xterm, .markdown, td.said'
  for (let node = tree.currentNode; node; node = tree.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
    if (!element.checkVisibility() || element.closest(data)) continue
    if (node.nodeType === Node.TEXT_NODE) seen.push(node.textContent)
    else for (const name of ['aria-label', 'title', 'placeholder', 'alt']) seen.push(element.getAttribute(name) ?? '')
  }
  return seen
}"""


def latin_words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]+", text))


def english_on(page: Page, heard: set[str]) -> list[str]:
    """Texts and labels in sight that are a text of the English page, or hold a word that is neither a name nor data."""
    texts = [text.strip() for text in page.evaluate(SHOWN)]
    said = [text for text in texts if not text.startswith("/")]  # an example of a path
    return [text for text in said if text in english_texts() or latin_words(text) - NAMES - heard]


@cache
def english_texts() -> set[str]:
    """What the English dictionary says without anything put in, but for names."""
    said = {text for file in ENGLISH.glob("*.ts") for text in re.findall(r"'([^'\n]+)'", file.read_text())}
    return {text for text in said if latin_words(text) - NAMES}
