"""The captioner: over a unix socket to a real server, streamed by the sentence, within a deadline, and cancelled."""

import base64
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import pytest

from assistant.devices.caption_client import SocketCaptioner
from assistant.domain.ports import Captioner
from assistant.errors import CaptionerFailed
from tests.skills.captioning import served

PICTURE = np.random.default_rng(1).integers(0, 255, (600, 1200, 3), dtype=np.uint8)
HANG_S = 60.0


def captioner(folder: Path, **given: object) -> SocketCaptioner:
    return SocketCaptioner(path=folder / "captions", language="Deutsch", **given)  # type: ignore[arg-type]


def test_sentences_come_as_they_are_complete(tmp_path: Path) -> None:
    assert isinstance(captioner(tmp_path), Captioner)
    with served(tmp_path) as server:
        assert captioner(tmp_path).check().endswith(".")
        said = list(captioner(tmp_path, model="eyes").caption(PICTURE, lambda: True))
    assert said == ["A dog sleeps.", "The room is bright.", "It is 3.5 metres wide"]
    (asked,) = server.asked
    assert (asked["path"], asked["model"], asked["stream"]) == ("/v1/chat/completions", "eyes", True)
    text, picture = asked["messages"][0]["content"]
    assert "Deutsch" in text["text"]
    kind, _, data = picture["image_url"]["url"].partition(",")
    assert kind == "data:image/jpeg;base64"
    assert cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR).shape == (256, 512, 3)


@pytest.mark.parametrize("fault", ["stalls", "silent"])
def test_the_first_sentence_does_not_wait_for_the_others_and_a_press_ends_it(tmp_path: Path, fault: str) -> None:
    wanted = True
    with served(tmp_path, fault=fault) as server:
        sentences = captioner(tmp_path, deadline_s=HANG_S).caption(PICTURE, lambda: wanted)
        assert next(sentences) == "A dog sleeps."
        began, wanted = monotonic(), False
        assert list(sentences) == []
        assert monotonic() - began < HANG_S / 2
        if fault == "stalls":
            assert server.gone.wait(HANG_S)


@pytest.mark.parametrize("fault", ["stalls", "silent"])
def test_it_may_take_only_so_long(tmp_path: Path, fault: str) -> None:
    with served(tmp_path, fault=fault):
        sentences = captioner(tmp_path, deadline_s=1.0).caption(PICTURE, lambda: True)
        assert next(sentences) == "A dog sleeps."
        with pytest.raises(CaptionerFailed):
            next(sentences)


@pytest.mark.parametrize("fault", ["error", "rubbish", "endless line"])
def test_what_is_no_answer_is_told(tmp_path: Path, fault: str) -> None:
    with served(tmp_path, fault=fault), pytest.raises(CaptionerFailed):
        list(captioner(tmp_path).caption(PICTURE, lambda: True))


def test_an_answer_that_is_cut_off_is_told_as_far_as_it_came(tmp_path: Path) -> None:
    with served(tmp_path, fault="cut"):
        assert next(captioner(tmp_path).caption(PICTURE, lambda: True)) == "A dog sleeps."


def test_nobody_at_the_socket(tmp_path: Path) -> None:
    with pytest.raises(CaptionerFailed):
        captioner(tmp_path).check()
    with pytest.raises(CaptionerFailed):
        list(captioner(tmp_path).caption(PICTURE, lambda: True))
    (tmp_path / "captions").write_text("no socket")
    with pytest.raises(CaptionerFailed):
        list(captioner(tmp_path).caption(PICTURE[:1, :1], lambda: True))
