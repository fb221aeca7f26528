"""One session of the program: runs it, composes it anew when the settings change, and speaks what ends it."""

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event
from types import FrameType

from assistant import app, composition, parts
from assistant.composition import Composed
from assistant.devices.single_instance import Lock, single_instance
from assistant.domain.values import announce
from assistant.environment import Ending, Reread, SpokenEvent
from assistant.errors import AssistantError, Unforeseen
from assistant.runtime import FLUSH_S, Runtime
from assistant.service.restart import marked
from assistant.service.settings_file import SettingsFile
from assistant.settings import Settings
from assistant.store.choices import state_folder

log = logging.getLogger(__name__)


def run(path: Path, change: Callable[[Settings], Settings], hear: Callable[[SpokenEvent], None]) -> Ending:
    """Runs until the source ends or somebody ends it; composes itself anew when the settings change.

    As a service it tells when the last run broke off, for a listener cannot see why it went quiet; and it does not fail
    for a mistake in the settings, for nobody may be there who could mend them.

    Args:
        path: The settings file.
        change: What the command line sets over the file.
        hear: Is given what became of every announcement.

    Raises:
        AssistantError: it cannot go on; its sentence was spoken where that was possible.
    """
    service = "NOTIFY_SOCKET" in os.environ
    settings_file = SettingsFile(path, change, state_folder() if service else None)
    try:
        with single_instance() as lock, marked() if service else nullcontext(False) as broke_off, _Signals() as signals:
            return _Session(settings_file, lock, hear).run("started_again" if broke_off else "ready", signals)
    except AssistantError as error:
        _tell(error, settings_file)
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # of a plugin, or a mistake of ours: it does not end without a word
        log.exception("the session ends")
        unforeseen = Unforeseen(error)
        _tell(unforeseen, settings_file)
        raise unforeseen from error


class _Session:
    """One runtime after the other; the next is composed while the one before still runs.

    So settings that cannot be used, for whatever reason, interrupt nothing.
    """

    def __init__(self, settings_file: SettingsFile, lock: Lock, hear: Callable[[SpokenEvent], None]) -> None:
        self._settings_file = settings_file
        self._lock = lock
        self._hear = hear
        self._current: Composed | None = None
        self._next: Composed | None = None

    def run(self, message: str, signals: "_Signals") -> Ending:
        """Runs until one of them ends for another reason than new settings."""
        self._next = composition.first(self._settings_file, message, self._reread, self._hear)
        ending = Ending.RELOAD
        while ending is Ending.RELOAD and self._next is not None:
            self._current = current = self._next
            self._next = None
            logging.getLogger("assistant").setLevel(current.settings.logging.level.upper())
            try:
                with signals.to(current.runtime):
                    ending = current.runtime.run()
            finally:
                current.audio.close()
            del current
            self._current = None
            gc.collect()  # It holds itself and its networks in circles; their memory is wanted for the next one.
        return ending

    def _reread(self, asked: bool) -> Reread:
        """As `Environment` has it; looks after the lock as well."""
        self._lock.keep()
        found = self._settings_file.look(asked)
        if found is Reread.OTHER:
            if self._current is not None:
                self._current.choices.flush(FLUSH_S)
            self._next = composition.another(self._settings_file, self._reread, self._hear)
        return found


def _tell(error: AssistantError, settings_file: SettingsFile) -> None:
    """Speaks an error, with the settings of the file, or the defaults, where there is a voice."""
    for read in (settings_file.readable, Settings):
        try:
            settings = read()
            phrases = parts.make_phrases(settings)
            audio = app.make_audio(settings, phrases, app.make_choices(settings, phrases))
            try:
                for utterance in phrases.words(announce(error.phrase, error.facts)):
                    audio.voice.speak(utterance, Event())
            finally:
                audio.close()
        except KeyboardInterrupt:
            raise
        except BaseException as failed:
            log.debug("not said: %s", failed, exc_info=True)
        else:
            return


class _Signals:
    """SIGTERM and Ctrl-C end the session, SIGHUP takes new settings; as before afterwards.

    At a terminal SIGHUP tells that it was closed, and ends the session as well, unless `nohup` has it ignored. A signal
    that comes while there is no runtime, between two of them above all, is for the next one.
    """

    def __init__(self) -> None:
        self._runtime: Runtime | None = None
        self._waiting: set[int] = set()

    def __enter__(self) -> "_Signals":
        self._at_terminal = os.isatty(0)  # Asked now: one that was closed is none any more.
        numbers = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
        if self._at_terminal and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
            numbers.remove(signal.SIGHUP)
        self._before = {number: signal.signal(number, self._act) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def to(self, runtime: Runtime) -> Iterator[None]:
        """Passes them on to a runtime for as long as the block runs."""
        self._runtime = runtime
        for number in tuple(self._waiting):
            self._act(number)
        self._waiting.discard(signal.SIGHUP)
        try:
            yield
        finally:
            self._runtime = None

    def _act(self, number: int, _: FrameType | None = None) -> None:
        reloads = number == signal.SIGHUP and not self._at_terminal
        if self._runtime is None or not reloads:
            self._waiting.add(number)  # To end is meant for every runtime: this one may be making way for the next.
        if self._runtime is not None:
            (self._runtime.reload if reloads else self._runtime.quit)()
