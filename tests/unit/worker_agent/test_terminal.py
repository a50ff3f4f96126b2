"""Terminals: real ones, that outlive the connection, and give what was missed from any byte on."""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path

import pytest

from tests.unit.worker_agent.conftest import StartProcess
from tests.unit.worker_agent.manager import SmallManager, WorkerLink, is_alive, until
from worker_agent.protocol import TERMINAL_BACKLOG_BYTES, PackError, TerminalBacklog
from worker_agent.terminal import MAX_TERMINALS

FULL_SCREEN = Path(__file__).with_name("full_screen.py")
ALTERNATE_SCREEN, NORMAL_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
"""xterm's smcup and rmcup; see ctlseqs, private mode 1049."""


@pytest.fixture(autouse=True)
def plain_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account's start files must not disturb: the shell finds none. The agent knows another terminal's size."""
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PS1", "$ ")


def typed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def shown(backlog: TerminalBacklog) -> str:
    return base64.b64decode(backlog.data).decode(errors="replace")


async def open_attached(link: WorkerLink, **arguments: object) -> str:
    terminal = (await link.call("terminal.open", **arguments)).terminal_id
    await link.call("terminal.attach", terminal_id=terminal)
    return terminal


async def type_in(link: WorkerLink, terminal: str, text: str) -> None:
    await link.call("terminal.write", terminal_id=terminal, data=typed(text))


@pytest.mark.requirement("WORKER-TERM-01")
async def test_it_is_a_real_terminal_of_the_asked_size_in_the_asked_directory(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "sub").mkdir()
    terminal = await open_attached(link, columns=101, rows=33, cwd="sub")
    await type_in(link, terminal, "tty; stty size; pwd; echo EN''D\n")
    output = await link.terminal_output("END")
    assert "/dev/pts/" in output
    assert "33 101" in output
    assert f"{workspace}/sub" in output
    await link.call("terminal.resize", terminal_id=terminal, columns=90, rows=20)
    await type_in(link, terminal, "stty size\n")
    await link.terminal_output("20 90")


@pytest.mark.requirement("WORKER-TERM-01")
async def test_control_keys_reach_the_program_in_the_foreground(link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "sh -c \"echo REA''DY; exec sleep 300\"; echo INTER''RUPTED\n")
    await link.terminal_output("READY")
    await type_in(link, terminal, "\x03")
    await type_in(link, terminal, "echo AGA''IN\n")
    assert "INTERRUPTED" not in await link.terminal_output("AGAIN")


@pytest.mark.requirement("WORKER-TERM-01")
async def test_ctrl_d_ends_the_input_of_a_program_and_then_the_shell(link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "echo REA''DY; cat; echo AFTER''CAT\n")
    await link.terminal_output("READY")
    await type_in(link, terminal, "a line\n\x04")
    assert (await link.terminal_output("AFTERCAT")).count("a line") == 2
    await type_in(link, terminal, "\x04")
    assert (await link.notification("terminal.closed"))["exit_code"] == 0


@pytest.mark.requirement("WORKER-TERM-01")
async def test_ctrl_z_suspends_and_the_shell_brings_it_back(link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "sed -u 's/^/heard /'\n")
    await type_in(link, terminal, "one\n")
    await link.terminal_output("heard one")
    await type_in(link, terminal, "\x1a")
    await link.terminal_output("Stopped")
    await type_in(link, terminal, "jobs; echo HE''RE\n")
    assert "Stopped" in await link.terminal_output("HERE")
    await type_in(link, terminal, "fg\n")
    await type_in(link, terminal, "two\n")
    await link.terminal_output("heard two")
    await type_in(link, terminal, "\x03")
    await type_in(link, terminal, "jobs; echo NO''THING LEFT\n")
    assert "Stopped" not in await link.terminal_output("NOTHING LEFT")


@pytest.mark.requirement("WORKER-TERM-01")
async def test_a_full_screen_program_draws_follows_the_window_is_suspended_and_leaves_a_clean_screen(
    link: WorkerLink,
) -> None:
    terminal = await open_attached(link, columns=100, rows=30)
    await type_in(link, terminal, f"{sys.executable} -I {FULL_SCREEN}\n")
    assert ALTERNATE_SCREEN in await link.terminal_output("[100x30 none]")
    await type_in(link, terminal, "\x1bOA")
    await link.terminal_output("KEY_UP]")
    await link.call("terminal.resize", terminal_id=terminal, columns=72, rows=20)
    await link.terminal_output("[72x20 KEY_RESIZE]")
    await type_in(link, terminal, "\x1a")
    assert NORMAL_SCREEN in await link.terminal_output("Stopped")
    await type_in(link, terminal, "fg\n")
    await link.terminal_output("[72x20")
    await type_in(link, terminal, "q")
    assert NORMAL_SCREEN in await link.terminal_output("left the screen")
    await type_in(link, terminal, "stty -a | tr ' ' '\\n' | grep -x echo; echo EN''D\n")
    assert "echo\r\nEND" in await link.terminal_output("END")


@pytest.mark.requirement("WORKER-TERM-01")
@pytest.mark.skipif(shutil.which("vi") is None, reason="there is no vi on this machine")
async def test_vi_edits_a_file(link: WorkerLink, workspace: Path) -> None:
    (workspace / "notes").write_text("first\nsecond\n")
    terminal = await open_attached(link)
    await type_in(link, terminal, "vi -u NONE notes\n")
    await link.terminal_output("second")
    await type_in(link, terminal, "ddothird\x1b:wq\r")
    await link.terminal_output(NORMAL_SCREEN)
    assert (workspace / "notes").read_text() == "second\nthird\n"


@pytest.mark.requirement("WORKER-TERM-02")
async def test_it_survives_a_manager_restart_and_gives_what_was_missed(manager: SmallManager, link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "echo BEF''ORE\n")
    await link.terminal_output("BEFORE")
    seen = (await link.call("terminal.list")).terminals[0].next_offset
    await type_in(link, terminal, "while ! test -e go; do sleep 0.02; done; echo MIS''SED\n")
    await manager.stop()
    await manager.start()
    again = await manager.worker()
    await again.call("files.write", path="go", content="")
    await again.call("terminal.attach", terminal_id=terminal, offset=seen)
    await type_in(again, terminal, "echo AF''TER\n")
    await again.terminal_output("AFTER")
    backlog = await again.call("terminal.attach", terminal_id=terminal, offset=seen)
    assert backlog.offset == seen
    assert "MISSED" in shown(backlog)
    assert "BEFORE" not in shown(backlog)


async def test_output_is_sent_only_while_attached(manager: SmallManager, link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await link.socket.close()
    again = await manager.worker()
    await type_in(again, terminal, "echo UN''SEEN; exit 5\n")
    assert (await again.notification("terminal.closed"))["exit_code"] == 5
    assert again.notifications.empty()
    backlog = await again.call("terminal.attach", terminal_id=terminal)
    assert ("UNSEEN" in shown(backlog), backlog.alive) == (True, False)


async def test_the_backlog_keeps_the_last_bytes_and_says_where_they_begin(link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, f"head -c {2 * TERMINAL_BACKLOG_BYTES} /dev/zero | tr '\\0' x; echo EN''D\n")
    await link.terminal_output("END")
    backlog = await link.call("terminal.attach", terminal_id=terminal, offset=0)
    assert len(base64.b64decode(backlog.data)) <= TERMINAL_BACKLOG_BYTES
    assert backlog.offset >= TERMINAL_BACKLOG_BYTES
    assert "END" in shown(backlog)


async def test_close_ends_the_shell_and_all_it_started(link: WorkerLink, workspace: Path) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "nohup setsid sleep 300 >/dev/null 2>&1 & echo $! > pid; echo EN''D\n")
    await link.terminal_output("END")
    closed = await link.call("terminal.close", terminal_id=terminal)
    assert not closed.alive
    await until(lambda: not is_alive(int((workspace / "pid").read_text())))
    assert (await link.call("terminal.list")).terminals == ()


@pytest.mark.parametrize("method", ["terminal.attach", "terminal.close", "terminal.write", "terminal.resize"])
async def test_a_terminal_that_is_not_there_is_a_fault(link: WorkerLink, method: str) -> None:
    extra = {"terminal.write": {"data": ""}, "terminal.resize": {"columns": 80, "rows": 24}}.get(method, {})
    with pytest.raises(PackError) as refused:
        await link.call(method, terminal_id="t-nowhere", **extra)
    assert refused.value.fault.code == "unknown_terminal"


async def test_an_ended_terminal_takes_no_input(link: WorkerLink) -> None:
    terminal = await open_attached(link)
    await type_in(link, terminal, "exit\n")
    await link.notification("terminal.closed")
    with pytest.raises(PackError) as refused:
        await type_in(link, terminal, "echo\n")
    assert refused.value.fault.code == "terminal_closed"


async def test_the_number_of_terminals_is_bounded_and_ended_ones_give_way(
    manager: SmallManager, start_process: StartProcess
) -> None:
    await start_process()
    link = await manager.worker()
    opened = [(await link.call("terminal.open")).terminal_id for _ in range(MAX_TERMINALS)]
    with pytest.raises(PackError) as refused:
        await link.call("terminal.open")
    assert refused.value.fault.code == "too_many_terminals"
    await type_in(link, opened[3], "exit\n")
    await link.notification("terminal.closed")
    await link.call("terminal.open")
    left = [terminal.terminal_id for terminal in (await link.call("terminal.list")).terminals]
    assert (len(left), opened[3] in left) == (MAX_TERMINALS, False)
