"""From the settings to a voice."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.errors import UnknownName
from assistant.settings import Settings, Speech
from assistant.speech.engines import make_audio, make_style, order
from assistant.speech.fallback import FallbackVoice
from assistant.speech.phrases import Phrases
from assistant.speech.silent import SilentVoice
from assistant.speech.wav import WavVoice


def _settings(**speech: object) -> Settings:
    return replace(Settings(), speech=replace(Speech(), **speech))


def test_auto_takes_the_order_of_the_language_and_a_choice_goes_first() -> None:
    assert order("auto", ["espeak", "pyttsx3"]) == ["espeak", "pyttsx3"]
    assert order("pyttsx3", ["espeak", "pyttsx3"]) == ["pyttsx3", "espeak"]
    assert order("mine", ["espeak"]) == ["mine", "espeak"]


@pytest.mark.parametrize("engine", ["auto", "espeak", "speech-dispatcher", "pyttsx3"])
def test_a_voice_that_is_heard_has_others_behind_it(engine: str) -> None:
    audio = make_audio(_settings(engine=engine), Phrases())
    assert isinstance(audio.voice, FallbackVoice)
    assert audio.voice.name == ("espeak" if engine == "auto" else engine)
    audio.close()


def test_files_and_silence_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wav = make_audio(_settings(engine="wav"), Phrases())
    wav.close()
    assert isinstance(wav.voice, WavVoice)
    assert (tmp_path / "demo.wav").exists()
    assert isinstance(make_audio(_settings(engine="silent"), Phrases()).voice, SilentVoice)


def test_an_unknown_engine_names_those_that_exist() -> None:
    with pytest.raises(UnknownName, match=r'"festival".*espeak, pyttsx3, speech-dispatcher'):
        make_audio(_settings(engine="festival"), Phrases())


def test_the_style_is_that_of_the_settings_and_of_the_language() -> None:
    style = make_style(_settings(rate_wpm=300, pitch=70, volume=40, voice="en+f3"), Phrases("de"))
    assert (style.rate_wpm, style.pitch, style.volume) == (300, 70, 40)
    assert style.voices == {"en": "en-us", "de": "en+f3"}


def test_what_was_turned_by_key_stands_over_the_settings() -> None:
    turned = {"rate_wpm": 250, "volume": 30}
    style = make_style(_settings(rate_wpm=300, volume=40), Phrases(), turned.__getitem__)
    assert (style.rate_wpm, style.volume) == (250, 30)
