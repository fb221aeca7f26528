"""libespeak-ng in this process, through ctypes, into the player: the first sound is ready after a millisecond.

The library keeps one state for the whole process; a lock lets one sentence in at a time. Every return code is looked
at (a voice name that espeak does not know changes nothing and is reported only there), except that of a parameter,
which is -1 for punctuation even when it was set: that is read back.
https://github.com/espeak-ng/espeak-ng/blob/master/src/include/espeak-ng/speak_lib.h
"""

import ctypes
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from threading import Lock

import numpy as np

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.earcons import Samples
from assistant.speech.player import Player
from assistant.speech.style import Style

_NAMES = ("libespeak-ng.so.1", "libespeak-ng.dylib", "libespeak-ng.dll")
_REMEDY = "Install espeak-ng (Debian: apt install espeak-ng)."
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHUNK_MS = 40
_SILENT = 1e-4
_UTF8, _END_PAUSE = 1, 0x1000
_RATE, _PITCH, _PUNCTUATION = 1, 3, 5
_Receive = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Entry(ctypes.Structure):
    """espeak_VOICE, as far as it is read here."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
    )


_ignore = _Receive(lambda wave, count, events: 1)
_lock = Lock()


class EspeakVoice:
    """The default voice on Linux.

    Args:
        player: Where it is heard.
        style: Gives how it speaks, before each sentence.
    """

    name = "espeak"

    def __init__(self, *, player: Player, style: Callable[[], Style]) -> None:
        self._player = player
        self._style = style

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks to the end, or until cancelled.

        Raises:
            SpeechError: no library, no such voice, no sound device.
        """
        with self._player.line(cancelled) as line:
            rate = sample_rate()
            synthesise(utterance, self._style(), lambda samples: line.add(samples, rate))

    def close(self) -> None:
        """Nothing to end: its sound is in the player."""


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """A voice that espeak has."""

    name: str
    """What `SetVoiceByName` takes, e.g. "gmw/en-US"."""
    title: str
    """For people, e.g. "English (America)"."""
    tag: str
    """Its first language, e.g. "en-us"."""


def voices(language: str = "") -> list[InstalledVoice]:
    """The voices that are installed, of one language ("en" finds "en-us") or of all.

    Raises:
        SpeechError: espeak cannot be loaded.
    """
    library, _ = _espeak()
    with _lock:
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Entry))
        found = []
        for entry in takewhile(bool, library.espeak_ListVoices(None)):
            known = entry.contents
            tag = ctypes.string_at(known.languages + 1).decode()  # behind one byte of priority
            found.append(InstalledVoice(known.identifier.decode(), known.name.decode(), tag))
    return [voice for voice in found if voice.tag == language or voice.tag.startswith(f"{language}-") or not language]


def sample_rate() -> int:
    """Samples a second of what espeak makes.

    Raises:
        SpeechError: espeak cannot be loaded.
    """
    return _espeak()[1]


def synthesise(utterance: Utterance, style: Style, receive: Callable[[Samples], bool]) -> None:
    """Makes the sound of a sentence, in chunks, as fast as the processor can; without the silence before it.

    Args:
        utterance: The sentence, in a language of `style.voices` (or one that espeak knows by its tag).
        style: How to speak; the volume is left to the player.
        receive: Is given each chunk; False ends it.

    Raises:
        SpeechError: espeak cannot be loaded, or does not take the voice or the text.
    """
    library, _ = _espeak()

    begun = False

    def take(wave: "ctypes._Pointer[ctypes.c_short]", count: int, events: int) -> int:
        nonlocal begun
        if not wave or count <= 0:
            return 0
        samples = np.ctypeslib.as_array(wave, (count,)).astype(np.float32) / np.float32(32768)
        if not begun:
            loud = np.flatnonzero(np.abs(samples) > _SILENT)
            begun = len(loud) > 0
            samples = samples[loud[0] :] if begun else samples[:0]
        return 0 if receive(samples) else 1

    callback = _Receive(take)
    text = utterance.text.encode()
    name = style.voices.get(utterance.language, utterance.language)
    known = _known(name)
    with _lock:
        _check(library.espeak_SetVoiceByName(known.encode()), f'espeak has no voice "{name}".')
        for parameter, value in (
            (_RATE, style.rate_wpm),
            (_PITCH, style.pitch),
            (_PUNCTUATION, int(style.punctuation)),
        ):
            library.espeak_SetParameter(parameter, value, 0)
            taken = library.espeak_GetParameter(parameter, 1)
            _check(taken - value, f"espeak does not take the value {value} for its setting {parameter}.")
        library.espeak_SetSynthCallback(callback)
        result = library.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8 | _END_PAUSE, None, None)
        library.espeak_SetSynthCallback(_ignore)
        _check(result, "espeak did not take the sentence.")


@cache
def _known(name: str) -> str:
    """A language tag that espeak lists but does not take as a name ("en-gb") -> the name of its voice."""
    return next((voice.name for voice in voices() if voice.tag == name), name)


@cache
def _espeak() -> tuple[ctypes.CDLL, int]:
    """The library, initialised once for the process, and its sample rate."""
    library = _load()
    rate = library.espeak_Initialize(_SYNCHRONOUS, _CHUNK_MS, None, _DONT_EXIT)
    if rate <= 0:
        raise SpeechError("espeak-ng cannot be started; its voice data may be missing.", _REMEDY)
    return library, rate


def _load() -> ctypes.CDLL:
    for name in (*_NAMES, find_library("espeak-ng")):
        if name:
            try:
                return ctypes.CDLL(name)
            except OSError:
                continue
    raise SpeechError("The library espeak-ng is not installed.", _REMEDY)


def _check(result: int, complaint: str) -> None:
    if result != 0:
        raise SpeechError(complaint)
