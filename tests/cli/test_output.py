"""Nobody waits for a reader: outlets, and what reaches standard error from libraries, errors and crashes."""

import os
import pty
import select
import subprocess
import sys

import pytest

from assistant.cli.output import MOST, Outlet
from tests.unread import full_pipe

HANG_S = 60.0
SET_UP = """
import ctypes, logging, os, sys, threading, time
from assistant.cli import output
output.set_up()
output.set_up_log(verbose=False, debug={debug})
libc = ctypes.CDLL(None)
"""


def program(code: str, *, stderr: int = subprocess.PIPE, debug: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs code after the program's own beginning."""
    return subprocess.run(
        [sys.executable, "-c", SET_UP.format(debug=debug) + code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def test_an_outlet_writes_everything_in_order() -> None:
    reading, writing = os.pipe()
    outlet = Outlet(writing, "test")
    for number in range(100):
        outlet.put(f"{number}\n")
    assert outlet.drained(HANG_S)
    assert os.read(reading, 10_000).decode().split() == [str(number) for number in range(100)]
    os.close(reading)
    os.close(writing)


def test_what_a_stopped_reader_leaves_is_bounded_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    fits = MOST // 1000
    with full_pipe() as (reading, writing):
        outlet = Outlet(writing, "test")
        for _ in range(fits + 70):
            outlet.put("x" * 999 + "\n")
        assert not outlet.drained(0.1)
        got = b""
        while not outlet.drained(0) or select.select([reading], [], [], 0)[0]:
            got += os.read(reading, 1 << 16)
    assert got.count(b"\n") == fits
    assert [record.args for record in caplog.records] == [("test", 70)]


def test_an_outlet_without_a_reader_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    outlet = Outlet(writing, "test")
    for _ in range(10):
        outlet.put("line\n")
        assert outlet.drained(HANG_S)
    os.close(writing)
    assert caplog.text.count("The test cannot be written (Broken pipe)") == 1


def test_what_libraries_print_is_logged() -> None:
    done = program(
        "os.write(2, b'libpng warning: made\\n'); libc.write(2, b'begun', 5); time.sleep(0.2)\nos.write(2, b' ends\\n')"
    )
    assert done.stderr == "INFO assistant.libraries: libpng warning: made\nINFO assistant.libraries: begun ends\n"


def test_what_libraries_take_for_unimportant_and_what_repeats_is_for_debugging() -> None:
    code = "for number in range(60): os.write(2, b'INFO: made\\n' if number % 2 else b'corrupt %d\\n' % number)"
    done = program(code)
    assert "INFO: made" not in done.stderr
    assert len(done.stderr.splitlines()) == 20
    assert len(program(code, debug=True).stderr.splitlines()) == 60


@pytest.mark.parametrize("holding", ["ctypes.PyDLL(None).write", "libc.write"])
def test_a_library_never_waits_also_while_it_holds_the_interpreter(holding: str) -> None:
    done = program(f"for _ in range(3000): {holding}(2, b'x' * 999 + b'\\n', 1000)\nprint('through')")
    assert (done.returncode, done.stdout) == (0, "through\n")


def test_a_terminal_shows_warnings_alone_as_plain_lines() -> None:
    keyboard, terminal = pty.openpty()
    program(
        "os.write(2, b'ALSA lib made.c\\n'); logging.info('made'); time.sleep(0.2)\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.exception('The sense failed.')",
        stderr=terminal,
    )
    assert os.read(keyboard, 1000) == b"assistant: The sense failed.\r\n"
    os.close(keyboard)
    os.close(terminal)


def test_secrets_of_addresses_are_not_logged() -> None:
    done = program(
        "os.write(2, b'rtsp://anna:se/cr@et@host: 401\\n'); time.sleep(0.2)\n"
        "logging.warning('%s', 'http://anna:se@cret@host'); print('http://anna:secret@host', file=sys.stderr)\n"
        "raise RuntimeError('http://anna:se/cret@host')"
    )
    assert done.stderr.count("://host") == 4
    assert "anna" not in done.stderr.replace("raise RuntimeError", "")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def made(): ctypes.string_at(0)\nmade()", ["Segmentation fault", "in made"]),
        ("def made(): libc.abort()\nmade()", ["Aborted", "in made"]),
        ("def made(): 1 / 0\nmade()", ["Traceback", "in made", "ZeroDivisionError"]),
        ("def made(): 1 / 0\nthreading.Thread(target=made).start()", ["Traceback", "in made", "ZeroDivisionError"]),
    ],
)
def test_a_crash_is_told_and_waits_for_nobody(code: str, told: list[str]) -> None:
    done = program(code)
    assert all(words in done.stderr for words in told), done.stderr
    with full_pipe() as (_, writing):
        assert program(code, stderr=writing).returncode == done.returncode


def test_nothing_is_printed_while_the_interpreter_ends() -> None:
    done = program(
        "import atexit\nclass Last:\n  def __del__(self): print('last', file=sys.stderr)\nlast = Last()\nprint('a')"
    )
    assert (done.returncode, done.stdout) == (0, "a\n")
    assert "Exception" not in done.stderr
