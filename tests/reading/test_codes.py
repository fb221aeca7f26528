"""Codes are read plainly, and nothing that they hold can do harm."""

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.domain.ports import Finding, Look
from assistant.domain.values import Frame, Query
from assistant.domain.views import NOTHING_SEEN
from assistant.skills.codes import CodesSkill
from assistant.skills.spoken import told
from assistant.skills.text import payloads
from assistant.skills.text.code_finder import checked, codes
from assistant.speech.phrases import Phrases
from tests.e2e.program import assistant
from tests.reading.codes import ean13, qr

PHRASES = Phrases("en")
GOOD, BAD = "4006381333931", "4006381333932"


def said(kind: str, text: str) -> str:
    return PHRASES.text(told(Finding(payloads.told(kind, text), {})))


@pytest.fixture(scope="module")
def skill() -> Iterator[CodesSkill]:
    made = CodesSkill()
    yield made
    made.close()


def answered(skill: CodesSkill, pixels: np.ndarray) -> tuple[str, list[dict[str, str]]]:
    finding = skill.study(Query("codes", 0.0), Look(Frame(pixels, 0.0), NOTHING_SEEN))
    return PHRASES.text(told(finding)), finding.details["codes"]


def test_a_web_address_is_named_as_one(skill: CodesSkill) -> None:
    assert answered(skill, qr("https://example.org/a?b=1")) == (
        "A web address: https://example.org/a?b=1.",
        [{"kind": "qr", "text": "https://example.org/a?b=1"}],
    )


def test_the_digits_of_a_product_are_read_one_by_one(skill: CodesSkill) -> None:
    assert answered(skill, ean13(GOOD)) == (
        "A product code: 4 0 0 6 3 8 1 3 3 3 9 3 1.",
        [{"kind": "ean13", "text": GOOD}],
    )


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_turned_tilted_and_dim_code_is_read(turn: int) -> None:
    page = np.full((960, 1280, 3), 255, np.uint8)
    for code, left in ((qr("Platform 7"), 100), (ean13(GOOD), 600)):
        page[200 : 200 + code.shape[0], left : left + code.shape[1]] = code
    matrix = cv2.getRotationMatrix2D((640, 480), 8, 0.9)
    seen = np.rot90(cv2.warpAffine(page, matrix, (1280, 960), borderValue=(255, 255, 255)), turn)
    assert set(codes(np.ascontiguousarray(seen // 3))) == {("qr", "Platform 7"), ("ean13", GOOD)}


def test_white_on_dark_is_read() -> None:
    assert codes(255 - qr("Platform 7")) == [("qr", "Platform 7")]


def test_a_wrong_check_digit_is_not_told(skill: CodesSkill) -> None:
    assert answered(skill, ean13(BAD)) == ("I see no code.", [])
    assert [checked(each) for each in (GOOD, BAD, "73513537", "036000291452", "", "٤٠٠٦٣٨١٣٣٣٩٣١")] == [
        True,
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("WIFI:T:WPA;S:Library\\;2;P:secret\\:word;;", "A code for the wireless network Library;2."),
        ("wifi:S:Open", "A code for the wireless network Open."),
        ("MECARD:N:Gil,Ana;TEL:0123;EMAIL:a@example.org;;", "A contact: Ana Gil, 0123, a@example.org."),
        (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Gil;Ana;;;\r\nFN:Ana Gil\r\nTEL;TYPE=CELL:0123\r\nEND:VCARD",
            "A contact: Ana Gil, 0123.",
        ),
        ("mailto:a@example.org?subject=x", "A mail address: a@example.org."),
        ("tel:+4930123", "A telephone number: +4930123."),
        ("www.example.org", "A web address: www.example.org."),
        ("https://example.org and more", "A code that says: https://example.org and more."),
        ("javascript:alert(1)", "A code that says: javascript:alert(1)."),
        ("Gate 7\x00\x07\n\u202eopens\u2066 now\u200b", "A code that says: Gate 7 opens now."),
        ("", "A code that says:."),
    ],
)
def test_what_a_code_holds_is_summed_up(text: str, says: str) -> None:
    assert said("qr", text) == says


def test_a_long_text_is_said_in_part_and_counted() -> None:
    assert said("qr", "x" * 4000) == f"A code that says: {'x' * payloads.SAID}. It goes on for 3800 more letters."
    assert len(payloads.cleaned("y" * 100_000)) == payloads.KEPT


@pytest.mark.parametrize("start", ["", "WIFI:", "MECARD:", "BEGIN:VCARD\n", "mailto:", "https://"])
def test_any_content_gives_short_sentences_without_what_is_no_letter(start: str) -> None:
    random = np.random.default_rng(5)
    for _ in range(200):
        text = start + "".join(map(chr, random.integers(0, 0x3000, random.integers(0, 300))))
        for phrase in payloads.told("qr", text):
            for fact in phrase.facts.values():
                heard = str(getattr(fact, "text", fact))
                assert len(heard) <= payloads.SAID
                assert heard == payloads.cleaned(heard)


def test_content_in_another_encoding(skill: CodesSkill) -> None:
    assert answered(skill, qr("Grüße"))[0] == "A code that says: Grüße."


def test_look_prints_codes(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "code.png"), qr("https://example.org"))
    done = assistant("look", "--ask", "codes", "--json", "code.png", folder=tmp_path)
    line = json.loads(done.stdout)
    assert (line["asked"], line["codes"]) == ("codes", [{"kind": "qr", "text": "https://example.org"}])
