"""The skill with the real networks, on pages that are drawn."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from assistant.domain.ports import Finding, Look
from assistant.domain.values import Announcement, Frame, Query, TextLine
from assistant.domain.views import NOTHING_SEEN
from assistant.errors import CameraLost, ModelMissing, ReadingFailed
from assistant.skills.reading import ReadSkill, sharpest
from assistant.skills.spoken import told
from assistant.skills.text.reader import ChildReader
from assistant.speech.phrases import Phrases
from tests.e2e.program import HANG_S, assistant
from tests.reading import pages
from tests.reading.pages import CONDITIONS, KINDS, Page, Picture
from tests.reading.rates import cer, peak_mb, result
from tests.reading.texts import TEXTS

PHRASES = Phrases("en")
QUERY = Query("read", 0.0)
RESIDENT_MB = 350


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildReader]:
    made = ChildReader(HANG_S)
    try:
        made.check()
    except ModelMissing as missing:
        pytest.skip(str(missing))
    made.start()
    yield made
    made.close()


def look(pixels: Picture, at: float = 0.0) -> Look:
    return Look(Frame(pixels, at), NOTHING_SEEN)


def study(reader: ChildReader, pixels: Picture, language: str = "en") -> Finding:
    return ReadSkill(language=language, reader=reader).study(QUERY, look(pixels))


def messages(finding: Finding) -> list[str]:
    return [phrase.message for phrase in finding.phrases]


def drawn(kind: str, language: str = "en", name: str = "DejaVuSans", size: int = 26) -> Page:
    return KINDS[kind](TEXTS[language], name, size)


def test_few_letters_are_read_wrongly_whatever_happens_to_a_page(reader: ChildReader) -> None:
    skill = ReadSkill(reader=reader)
    results = []
    for number, (name, condition) in enumerate(CONDITIONS.items()):
        kind, language = list(KINDS)[number % len(KINDS)], list(TEXTS)[(number * 2) % len(TEXTS)]
        page = drawn(kind, language, pages.FONTS[number % len(pages.FONTS)])
        seen = Page(page.name, condition(page.pixels, number), page.lines)
        results.append(result(skill, language, name, seen))
    assert cer(results) <= 0.02, [(each.condition, each.kind, each.read) for each in results if each.character_errors]
    assert reader.pid
    assert peak_mb(reader.pid) < RESIDENT_MB


def test_a_sign_is_read_straight_away_and_a_page_is_named_first(reader: ChildReader) -> None:
    assert PHRASES.text(told(study(reader, drawn("sign").pixels))) == "It says: EMERGENCY EXIT. Keep clear."
    page = study(reader, drawn("letter").pixels)
    assert PHRASES.text(told(page)).startswith("A page, about 80 words. Dear Mrs Whitfield. Thank you for your letter")
    assert messages(page)[1:] == ["read_sentence"] * (len(page.phrases) - 1)


def test_a_receipt_is_a_list_whose_rows_have_their_prices(reader: ChildReader) -> None:
    receipt = drawn("receipt", "de")
    finding = study(reader, receipt.pixels)
    assert messages(finding)[0] == "read_list"
    assert [line["text"] for line in finding.details["lines"]] == list(receipt.lines)


def test_very_large_letters_are_read(reader: ChildReader) -> None:
    sheet = pages._Sheet((1280, 960))
    sheet.line((640, 480), "EXIT", "DejaVuSans-Bold", 420, "mm")
    assert PHRASES.text(told(study(reader, sheet.page("").pixels))) == "It says: EXIT."


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (np.s_[:, :700], "The text is cut at the right edge. Turn a little right."),
        (np.s_[:, 500:], "The text is cut at the left edge. Turn a little left."),
        (np.s_[:, 300:900], "The text is cut on both sides. Move back a little."),
    ],
)
def test_text_that_is_cut_is_told(reader: ChildReader, part: tuple[slice, slice], says: str) -> None:
    pixels = np.ascontiguousarray(drawn("letter").pixels[part])
    assert says in PHRASES.text(told(study(reader, pixels)))


def test_a_page_with_a_margin_is_not_cut(reader: ChildReader) -> None:
    assert not {"read_cut", "read_too_near"} & set(messages(study(reader, drawn("letter").pixels)))


def unreadable() -> dict[str, Picture]:
    page = drawn("letter", size=32).pixels
    room = np.random.default_rng(1).integers(120, 140, (480, 640, 3), dtype=np.uint8)
    room[100:300, 200:260], room[350:, 400:] = 40, 220
    return {
        "read_blurred": np.asarray(cv2.GaussianBlur(page, (0, 0), 9), np.uint8),
        "too_dark": room // 18,
        "read_nothing": room,
    }


@pytest.mark.parametrize("message", ["read_blurred", "too_dark", "read_nothing"])
def test_why_nothing_is_read(reader: ChildReader, message: str) -> None:
    assert messages(study(reader, unreadable()[message])) == [message]


def test_of_a_blank_page_there_is_no_text(reader: ChildReader) -> None:
    assert messages(study(reader, np.full((480, 640, 3), 235, np.uint8))) in (["read_nothing"], ["read_blurred"])


def test_small_letters_ask_to_come_nearer(reader: ChildReader) -> None:
    page = drawn("letter", size=22).pixels
    small = cv2.resize(page, (180, 135), interpolation=cv2.INTER_AREA)
    assert messages(study(reader, np.asarray(small, np.uint8))) == ["read_too_small"]


def test_set_to_arabic_it_says_what_it_reads_and_tells_no_rubbish(reader: ChildReader) -> None:
    assert messages(study(reader, drawn("sign").pixels, "ar")) == ["read_latin_only", "read_short"]
    sheet = pages._Sheet((960, 480))
    for number, text in enumerate(("مخرج الطوارئ", "الرجاء عدم الوقوف هنا")):
        sheet.line((480, 100 + number * 140), text, "DejaVuSans", 64, "ma")
    finding = study(reader, sheet.page("").pixels, "ar")
    assert finding.details == {"lines": []}
    assert messages(finding) in (["read_other_letters"], ["read_nothing"])


def test_of_a_few_looks_the_sharpest_is_read(reader: ChildReader) -> None:
    sharp = drawn("sign").pixels
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 12), np.uint8)
    looks = iter([look(blurred, 0.0), look(sharp, 0.2), look(blurred, 0.4), look(blurred, 0.7)])
    (answer,) = ReadSkill(reader=reader).answer(QUERY, looks)
    assert isinstance(answer, Announcement)
    assert (PHRASES.text(answer), answer.resumes) == ("It says: EMERGENCY EXIT. Keep clear.", True)
    assert reader.pid is None  # let go after use


class Scripted(ChildReader):
    """Finds one result after the other."""

    def __init__(self, *results: list[TextLine] | Exception) -> None:
        super().__init__()
        self._results = list(results)

    def start(self) -> None:
        """Needs no process."""

    def lines(self, pixels: Picture) -> list[TextLine]:
        given = self._results.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


LINE = TextLine("Gate 7", 0.95, ((10, 10), (60, 10), (60, 30), (10, 30)))
GREY = np.full((48, 64, 3), 128, np.uint8)


def frames(count: int = 40) -> Iterator[Look]:
    for number in range(count):
        yield look(GREY, number / 5)


def test_what_looks_like_one_letter_is_told_as_a_guess() -> None:
    skill = ReadSkill(reader=Scripted([replace(LINE, text="L")]))
    says = PHRASES.text(told(skill.study(QUERY, look(GREY))))
    assert says == "It may say L, I am not sure."


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([("1", 0.94)], "read_nothing"),
        ([("O", 0.77), ("CE", 0.24)], "read_nothing"),
        ([("sex-4", 0.71)], "read_unclear"),
    ],
)
def test_of_edges_that_look_like_letters_no_text_is_claimed(lines: list[tuple[str, float]], message: str) -> None:
    pixels = drawn("sign").pixels
    height, width = pixels.shape[:2]
    whole: Any = ((0, 0), (width, 0), (width, height), (0, height))
    found = [TextLine(text, certainty, whole) for text, certainty in lines]
    assert messages(study(Scripted(found), pixels)) == [message]


def test_it_looks_again_where_nothing_was_read() -> None:
    (answer,) = ReadSkill(reader=Scripted([], [LINE])).answer(QUERY, frames())
    assert isinstance(answer, Announcement)
    assert answer.message == "read_short"


def test_what_was_read_counts_when_the_camera_goes() -> None:
    def lost() -> Iterator[Look]:
        yield look(GREY)
        raise CameraLost("gone")

    (answer,) = ReadSkill(reader=Scripted([LINE])).answer(QUERY, lost())
    assert isinstance(answer, Announcement)
    assert answer.message == "read_short"
    assert sharpest(iter([])) is None


def test_what_is_doubted_is_left_out_and_a_fault_is_told() -> None:
    doubted = TextLine("xq;", 0.6, LINE.corners)
    finding = ReadSkill(reader=Scripted([doubted, LINE])).study(QUERY, look(GREY))
    assert [line["text"] for line in finding.details["lines"]] == ["Gate 7"]
    (answer,) = ReadSkill(reader=Scripted(ReadingFailed("gone"))).answer(QUERY, frames())
    assert isinstance(answer, Announcement)
    assert answer.message == "reading_failed"


def test_look_prints_the_lines_in_order(reader: ChildReader, tmp_path: Path) -> None:
    page = drawn("columns", "de", "DejaVuSerif")
    cv2.imwrite(str(tmp_path / "page.png"), page.pixels[..., ::-1])
    done = assistant("look", "--ask", "read", "--json", "page.png", folder=tmp_path)
    line = json.loads(done.stdout)
    assert (line["asked"], [each["text"] for each in line["lines"]]) == ("read", list(page.lines))
    for each in line["lines"]:
        left, top, width, height = each["box"]
        assert 0 <= left < left + width <= 1280
        assert 0 <= top < top + height <= 960
        assert each["certainty"] >= 0.8
