"""Shows what was said: the answer as it is written, everything else line by line."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown
from rich.text import Text

from manager.chat.told import Said, Tone
from mcp_tools.readable import lines

STYLES: Mapping[Tone, str] = {
    "plain": "",
    "dim": "dim",
    "good": "green",
    "bad": "red",
    "ask": "yellow",
    "user": "bold",
}
REFRESHES_PER_S = 8
ROOM_BELOW = 2


class Screen:
    """On a terminal the answer grows in place; elsewhere it is printed when it is whole."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._text = ""

    def show(self, said: Said) -> None:
        """An answer replaces the pieces of it that were shown."""
        if said.tone == "answer":
            self._finish(said.text)
            return
        self.close()
        self._console.print(Text(lines(said.text), style=STYLES[said.tone]))

    def piece(self, text: str, offset: int) -> None:
        """A piece of the answer that is being written. A model's text is shown as Markdown, its links as text."""
        self._text = self._text[:offset] + text
        if not self._console.is_terminal or not self._text.strip():
            return
        if self._live is None:
            self._live = Live(console=self._console, refresh_per_second=REFRESHES_PER_S)
            self._live.start()
        self._live.update(_markdown(self._end_of_it()))

    def _end_of_it(self) -> str:
        """What fits of an answer that grows: its end, where it is being written."""
        fits = max(1, self._console.height - ROOM_BELOW)
        return "\n".join(lines(self._text).split("\n")[-fits:])

    def output(self, text: str) -> None:
        """Of a command that runs."""
        self.close()
        self._console.print(Text(lines(text), style="dim"), end="")

    def close(self) -> None:
        """What was shown of an answer stays as it is."""
        if self._live:
            self._live.stop()
        self._live, self._text = None, ""

    def _finish(self, text: str) -> None:
        text = lines(text)
        if self._live:
            self._live.update(_markdown(text))
            self.close()
        else:
            self.close()
            self._console.print(_markdown(text))


def _markdown(text: str) -> Markdown:
    """Without terminal links: what one would open is what one reads."""
    return Markdown(text, hyperlinks=False)
