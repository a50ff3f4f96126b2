"""A small full-screen program, as an editor is one: keys, the size of its window, suspension, and a clean end.

The screen says the size and the last key, and is drawn anew again and again, so that a test finds it whole. `q` ends.
"""

from __future__ import annotations

import curses


def run(screen: curses.window) -> None:
    screen.timeout(200)
    key = "none"
    while key != "q":
        rows, columns = screen.getmaxyx()
        screen.clear()
        screen.addstr(rows // 2, 2, f"[{columns}x{rows} {key}]")
        screen.refresh()
        if (pressed := screen.getch()) != curses.ERR:
            key = curses.keyname(pressed).decode()


curses.wrapper(run)
print("left", "the", "screen")
