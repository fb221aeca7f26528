"""What a loudspeaker says, put into words by a recogniser that chooses among the sentences of a grammar."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from tests.speech.sound import RATE, Loudspeaker

SENTENCE_S = 0.4
"""A shorter sound is a click or an earcon, seconds."""
NOISES = (60, 30, 120, 240)
"""Amplitudes of the noise of a room, tried one after the other: the recogniser knows no digital silence."""
_NONE: Mapping[str, str] = MappingProxyType({})


class Recogniser:
    """Understands one grammar.

    Args:
        jsgf: The grammar, in the Java Speech Grammar Format.
        pronounced: Words that the recogniser does not know, with their phones in the CMU dictionary's letters.
    """

    def __init__(self, jsgf: str, pronounced: Mapping[str, str] = _NONE) -> None:
        self._decoder = pocketsphinx.Decoder(samprate=RATE, loglevel="FATAL", lm=None)
        for word, phones in pronounced.items():
            self._decoder.add_word(word, phones, True)
        self._decoder.add_jsgf_string("said", jsgf)
        self._decoder.activate_search("said")

    def words(self, sound: NDArray[np.int16]) -> str:
        """The sentences that a recording, int16 (n,), sounds like, one after the other; empty for none."""
        for noise in NOISES:
            room = np.random.default_rng(0).normal(0, noise, len(sound))
            self._decoder.start_utt()
            self._decoder.process_raw((sound * 0.9 + room).astype(np.int16).tobytes(), full_utt=True)
            self._decoder.end_utt()
            if self._decoder.hyp() and self._decoder.hyp().hypstr:
                return str(self._decoder.hyp().hypstr)
        return ""


class Transcript:
    """What a loudspeaker said, in words; moments are seconds of its recording.

    Args:
        speaker: It, running.
        recogniser: Of what it may say.
    """

    def __init__(self, speaker: Loudspeaker, recogniser: Recogniser) -> None:
        self._speaker = speaker
        self._recogniser = recogniser
        self._known: dict[tuple[float, float], str] = {}

    def since(self, moment: float) -> list[tuple[float, str]]:
        """The beginning and the words of everything after a moment that may be sentences and is over."""
        now = self._speaker.now
        return [
            (begin, self._words(begin, end))
            for begin, end in self._speaker.sounds(moment)
            if end - begin > SENTENCE_S and now - end > SENTENCE_S
        ]

    def _words(self, begin: float, end: float) -> str:
        if (begin, end) not in self._known:
            recording = self._speaker.heard(begin)[: round((end - begin) * RATE), 0]
            self._known[begin, end] = self._recogniser.words(recording)
        return self._known[begin, end]
