"""What espeak makes of a sentence, without a sound device."""

import numpy as np
import pytest

from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.espeak import sample_rate, synthesise, voices
from assistant.speech.style import Style, duration_s

SENTENCE = Utterance("The person in front of you looks happy.", "en")


def _sound(utterance: Utterance = SENTENCE, style: Style | None = None) -> np.ndarray:
    chunks: list[np.ndarray] = []

    def receive(chunk: np.ndarray) -> bool:
        chunks.append(chunk)
        return True

    synthesise(utterance, style or Style(), receive)
    return np.concatenate(chunks) if chunks else np.zeros(0, np.float32)


def _seconds(sound: np.ndarray) -> float:
    return len(sound) / sample_rate()


def test_a_sentence_is_loud_and_as_long_as_it_should_be() -> None:
    sound = _sound()
    assert 1.5 < _seconds(sound) < 3
    assert 0.1 < np.abs(sound).max() <= 1
    assert _seconds(sound) < duration_s(SENTENCE.text, Style())


def test_the_first_chunk_comes_while_the_rest_is_being_made() -> None:
    lengths: list[float] = []
    synthesise(SENTENCE, Style(), lambda chunk: lengths.append(_seconds(chunk)) is None)
    assert 0 < lengths[0] < 0.2
    assert sum(lengths) > 1.5


@pytest.mark.parametrize(("slow", "fast"), [(80, 170), (170, 450), (450, 700)])
def test_speed(slow: int, fast: int) -> None:
    assert _seconds(_sound(style=Style(rate_wpm=slow))) > 1.1 * _seconds(_sound(style=Style(rate_wpm=fast)))


def test_punctuation_is_named_when_wanted_and_only_then() -> None:
    marks = Utterance("Hello, world; yes.", "en")
    usual = _seconds(_sound(marks))
    assert _seconds(_sound(marks, Style(punctuation=True))) > 1.1 * usual
    assert _seconds(_sound(marks)) < 1.1 * usual


def test_the_engine_ends_when_nobody_listens() -> None:
    chunks = []

    def receive(chunk: np.ndarray) -> bool:
        chunks.append(chunk)
        return len(chunks) < 3

    synthesise(SENTENCE, Style(), receive)
    assert len(chunks) == 3
    assert _seconds(_sound()) > 1.5


def test_a_voice_is_found_by_language() -> None:
    voices = {"en": "en-us", "de": "de"}
    german, english = (_sound(Utterance("Tag", tag), Style(voices=voices)) for tag in ("de", "en"))
    assert len(german) != len(english)


def test_a_voice_that_espeak_does_not_know_is_named_and_does_no_harm() -> None:
    with pytest.raises(SpeechError, match='"klingon-opera"'):
        _sound(style=Style(voices={"en": "klingon-opera"}))
    assert _seconds(_sound()) > 1.5


@pytest.mark.parametrize("text", ["", " ", "\n", "<speak>hello</speak>", "[[hello]]", "\x00", "好", "😀", "a" * 5000])
def test_strange_text_harms_nothing(text: str) -> None:
    _sound(Utterance(text, "en"), Style(rate_wpm=700))
    assert _seconds(_sound()) > 1.5


def test_the_voices_of_a_language() -> None:
    english = voices("en")
    assert {"en-us", "en-gb"} <= {voice.tag for voice in english}
    assert {voice.tag for voice in voices("es")} == {"es", "es-419"}
    assert set(english) < set(voices())


@pytest.mark.parametrize("pick", ["name", "title", "tag"])
def test_a_voice_can_be_chosen_by_whatever_is_listed_of_it(pick: str) -> None:
    for voice in voices("en"):
        assert _seconds(_sound(Utterance("Yes.", "en"), Style(voices={"en": getattr(voice, pick)}))) > 0.2
