"""A language whose files are damaged is refused as what it is, whatever is wrong with them."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.domain.values import announce
from assistant.errors import VoicesBroken
from assistant.speech.phrases import Phrases
from assistant.weights import data_folder


@pytest.mark.parametrize("file", ["voice.yaml", "words.yaml", "program.yaml"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"a: &a [*a]", b"ready: {", b"ready: [[]]", b"- x", b"plural: 3"]
)
def test_whatever_is_wrong_is_told_as_that(tmp_path: Path, file: str, content: bytes) -> None:
    for language in ("en", "de"):
        shutil.copytree(data_folder("voices") / language, tmp_path / language)
    (tmp_path / "de" / file).write_bytes(content)
    with suppress(VoicesBroken):
        phrases = Phrases("de", tmp_path)  # what is left out is said in the reference language
        assert file != "voice.yaml"
        assert phrases.words(announce("ready"))


def test_it_is_said_so_and_no_line_of_the_settings_is_blamed() -> None:
    assert (VoicesBroken.phrase, VoicesBroken.kept) == ("fault_voices", "settings_voices")
