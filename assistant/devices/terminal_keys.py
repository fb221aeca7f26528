"""Keys typed on the terminal; each key is a verb.

A terminal reports no release. That a key is held is known by its repetition, and that it was let go by the end of that.

Ctrl-C stays a signal. Ctrl-Z is read as a key, so that the terminal can be put back before the job is suspended. Ctrl-S
stops nothing. What is pasted is no press of keys.
"""

import atexit
import logging
import os
import re
import select
import signal
import termios
import time
import tty
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import groupby
from typing import Any

from assistant.domain import commands
from assistant.domain.ports import Control
from assistant.errors import TriggerError

log = logging.getLogger(__name__)

WAIT_S = 0.1
"""How long is waited for a key before looking whether to stop, seconds."""
HELD_S = 0.15
"""The same key again within this time is a key held down, which counts once, seconds."""
AT_ONCE = 4
"""So many different characters in one moment were not typed but pasted, at a terminal that does not mark what is."""
HELD_TIMES = 2
"""After so many repetitions a key is held down: of one they may be a bouncing contact."""
LET_GO_S = 0.3
"""One that is held and does not come again for so long was let go, seconds: three periods of the slowest repetition."""
_SUSPEND = "\x1a"
_MARK_PASTED, _AS_BEFORE = b"\x1b[?2004h", b"\x1b[?2004l"
"""Asks the terminal to put marks round what is pasted (xterm's control sequences, "bracketed paste mode")."""
_PASTE_MARK = re.compile(r"(\x1b\[20[01]~)")
_PASTE_BEGINS = "\x1b[200~"
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\[O])")
"""What arrow and function keys send (ECMA-48, section 5.4); the letters in it are no keys of ours."""
_BEGUN_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?$")


class TerminalKeys:
    """Reads single keys from a terminal, which is put back as it was however the program ends, short of being killed.

    In the background the terminal is left alone.

    Args:
        terminal: Descriptor of the terminal; 0 is standard input.
        keys: What each key means; capitals mean the same. None: what the table of commands says.
    """

    name = "terminal"

    def __init__(self, terminal: int = 0, keys: Mapping[str, str] | None = None) -> None:
        self._terminal = terminal
        self._keys = commands.keys() if keys is None else keys
        self._before: list[Any] | None = None
        self._foremost = True
        self._pasting = False
        self._begun = ""
        self._last = ("", float("-inf"))
        self._repeated = 0

    def open(self) -> None:
        """Takes the terminal.

        Raises:
            TriggerError: it is no terminal.
        """
        if not os.isatty(self._terminal):
            raise TriggerError("No keys are read, for standard input is no terminal.", "Use: assistant ask now.")
        atexit.register(self.close)
        self._take()

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Passes keys on until stopped; a terminal that hangs up means "quit"."""
        try:
            while not stopped():
                self._pass_on(self._typed(), control)
                if self._repeated and time.monotonic() - self._last[1] > LET_GO_S:
                    self._let_go(control)
        except (OSError, EOFError, termios.error) as error:
            log.info("the terminal is gone: %s", error)
            if not os.isatty(self._terminal):
                control.ask("quit", self.name)
        finally:
            self.close()

    def close(self) -> None:
        """Puts the terminal back as it was."""
        atexit.unregister(self.close)
        try:
            self._give_back()
        except (OSError, termios.error) as error:
            log.info("the terminal is gone: %s", error)

    def _typed(self) -> str:
        """Waits a moment; the characters that were typed.

        Raises:
            OSError, EOFError, termios.error: the terminal hung up.
        """
        if not self._foreground():
            time.sleep(WAIT_S)
            return ""
        self._take()  # Again after the job was stopped, when the shell has put the terminal back.
        if not select.select([self._terminal], [], [], WAIT_S)[0]:
            self._begun, self._pasting = "", False  # The mark of a paste's end may have got lost.
            return ""
        data = os.read(self._terminal, 4096)
        if not data:
            raise EOFError("end of file")
        text = self._begun + data.decode(errors="replace")
        begun = _BEGUN_SEQUENCE.search(text)
        self._begun = begun[0] if begun else ""
        return self._not_pasted(text.removesuffix(self._begun))

    def _not_pasted(self, text: str) -> str:
        """The characters that were typed one by one, without the sequences of special keys."""
        typed = ""
        for part in _PASTE_MARK.split(text):
            if _PASTE_MARK.fullmatch(part):
                self._pasting = part == _PASTE_BEGINS
            elif not self._pasting:
                typed += _SEQUENCE.sub("", part)
        if len([key for key, _ in groupby(typed)]) < AT_ONCE:
            return typed
        self._pasting = True  # Its rest may come in the next read: until there is a pause.
        return ""

    def _pass_on(self, text: str, control: Control) -> None:
        for key in text.lower():
            now = time.monotonic()
            again_s = LET_GO_S if self._repeated >= HELD_TIMES else HELD_S
            held = key == self._last[0] and now - self._last[1] < again_s
            self._last = (key, now)
            if not held:
                self._let_go(control)
            if key == _SUSPEND:
                self._suspend()
            elif key in self._keys and held:
                self._repeated += 1
                if self._repeated == HELD_TIMES:
                    control.hold(self._keys[key], self.name)
            elif key in self._keys:
                control.ask(self._keys[key], self.name)

    def _let_go(self, control: Control) -> None:
        """The key that was held, if one was, is up."""
        if self._repeated >= HELD_TIMES:
            control.release(self.name)
        self._repeated = 0

    def _suspend(self) -> None:
        """Stops the whole job, as the terminal would have done, but with the terminal put back first."""
        self._give_back()
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        time.sleep(WAIT_S)  # The signal may reach another thread first.

    def _take(self) -> None:
        """Keys come one by one and unseen; nothing to do if that is so, or in the background."""
        if not self._foreground():
            return
        mode = termios.tcgetattr(self._terminal)
        if self._before is not None and not mode[tty.LFLAG] & termios.ICANON:
            return
        self._before = termios.tcgetattr(self._terminal)
        mode[tty.LFLAG] &= ~(termios.ICANON | termios.ECHO)
        mode[tty.IFLAG] &= ~termios.IXON
        mode[tty.CC][termios.VMIN], mode[tty.CC][termios.VTIME] = 1, 0
        mode[tty.CC][termios.VSUSP] = b"\0"
        termios.tcsetattr(self._terminal, termios.TCSANOW, mode)
        self._send(_MARK_PASTED)

    def _give_back(self) -> None:
        if self._before is not None and self._foreground():
            self._send(_AS_BEFORE)
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)
            self._before = None

    def _send(self, sequence: bytes) -> None:
        """Tells the terminal something, if it takes it at once and understands more than text."""
        if os.environ.get("TERM", "dumb") == "dumb":
            return
        with suppress(OSError):  # It is stopped, or its other end is not read: then nobody pastes either.
            terminal = os.open(os.ttyname(self._terminal), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                os.write(terminal, sequence)
            finally:
                os.close(terminal)

    def _foreground(self) -> bool:
        """Whether this job has the terminal; changing it from the background would stop the whole process."""
        with suppress(OSError):  # It hung up, or does not control this session: nobody contends for it.
            self._foremost = os.tcgetpgrp(self._terminal) == os.getpgrp()
        return self._foremost
