"""In which order lines are read, and which of them are one."""

import numpy as np
import pytest

from assistant.domain.values import TextLine
from assistant.skills.text.layout import arranged, paragraphs

HEIGHT = 20.0
LETTER = 10.0


def line(text: str, left: float, top: float, height: float = HEIGHT) -> TextLine:
    right, bottom = left + len(text) * LETTER * height / HEIGHT, top + height
    return TextLine(text, 0.99, ((left, top), (right, top), (right, bottom), (left, bottom)))


def column(left: float, top: float, *texts: str) -> list[TextLine]:
    return [line(text, left, top + 24 * number) for number, text in enumerate(texts)]


LEFT = column(0, 100, "the bridge was opened on a", "Sunday, and many people in", "their best clothes came.")
RIGHT = column(400, 100, "next week the library will", "move to the station; it is", "open in the evening too.")
PAGE = [
    line("News from the whole valley of today", 0, 20, 2 * HEIGHT),
    *LEFT,
    *RIGHT,
    line("page seven of eight pages", 200, 300),
]


def turned(lines: list[TextLine], matrix: np.ndarray) -> list[TextLine]:
    """Every corner through a homography."""
    found = []
    for each in lines:
        points = np.array([(x, y, 1.0) for x, y in each.corners]) @ matrix.T
        one, two, three, four = (tuple(map(float, point[:2] / point[2])) for point in points)
        found.append(TextLine(each.text, each.certainty, (one, two, three, four)))
    return found


def rotation(degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def texts(lines: list[TextLine]) -> list[str]:
    return [row.text for row in arranged(lines)]


def shuffled(lines: list[TextLine]) -> list[TextLine]:
    return [lines[number] for number in np.random.default_rng(3).permutation(len(lines))]


@pytest.mark.parametrize("degrees", [0, 8, -12, 90, 180, 270, 97])
def test_columns_one_after_the_other_however_the_page_is_turned(degrees: float) -> None:
    assert texts(shuffled(turned(PAGE, rotation(degrees)))) == [each.text for each in PAGE]


def test_columns_become_paragraphs() -> None:
    assert paragraphs(arranged(shuffled(PAGE))) == [
        "News from the whole valley of today",
        "the bridge was opened on a Sunday, and many people in their best clothes came.",
        "next week the library will move to the station; it is open in the evening too.",
        "page seven of eight pages",
    ]


RECEIPT = [
    *[line(text, 0, 40 * number) for number, text in enumerate(["Bread", "Milk 1 l", "Washing powder", "Total:"])],
    *[line(text, 400, 40 * number + 3) for number, text in enumerate(["2.35", "1,19 A", "-7.49 EUR", "11.03"])],
]
ROWS = ["Bread 2.35", "Milk 1 l 1,19 A", "Washing powder -7.49 EUR", "Total: 11.03"]
ASKEW = np.array([[1, 0.05, 0], [0.06, 0.9, 0], [0.0003, 0.0001, 1]])


@pytest.mark.parametrize("matrix", [rotation(0), rotation(5), rotation(180), ASKEW], ids=["0", "5", "180", "askew"])
def test_the_rows_of_a_receipt_are_read_across(matrix: np.ndarray) -> None:
    assert texts(shuffled(turned(RECEIPT, matrix))) == ROWS
    assert paragraphs(arranged(RECEIPT)) == ROWS


def test_times_come_before_what_happens_then() -> None:
    table = [line("8:15", 0, 0), line("Frankfurt", 200, 0), line("12:40", 0, 40), line("Berlin", 200, 40)]
    assert texts(table) == ["8:15 Frankfurt", "12:40 Berlin"]


def test_a_number_at_the_end_of_a_column_of_prose_stays_there() -> None:
    right = [*RIGHT[:2], line("2026.", 400, 148)]
    assert texts(shuffled([*LEFT, *right])) == [each.text for each in [*LEFT, *right]]


def test_a_word_that_a_hyphen_parts_is_whole_again() -> None:
    parted = column(0, 0, "The whole lib-", "rary is full of", "Anglo-", "Saxon words.")
    assert paragraphs(arranged(parted))[0].startswith("The whole library is full of")


def test_lines_of_a_label_are_not_one_sentence() -> None:
    label = [line("Net weight 250 g", 92, 0), line("Best before 11.2027", 77, 24), line("Keep dry", 132, 48)]
    assert paragraphs(arranged(label)) == ["Net weight 250 g", "Best before 11.2027", "Keep dry"]


def test_an_indented_line_begins_a_paragraph() -> None:
    page = [
        *column(0, 0, "one long line of text that", "goes on to the very end it"),
        line("Another paragraph is", 40, 48),
    ]
    assert len(paragraphs(arranged(page))) == 2


def test_parts_of_one_line_are_joined_and_what_runs_upwards_comes_last() -> None:
    upwards = TextLine("photo: somebody", 0.9, ((-30, 200), (-30, 40), (-10, 40), (-10, 200)))
    assert texts([upwards, line("two and a half", 45, 0), line("One", 0, 2), line("three", 0, 40)]) == [
        "One two and a half",
        "three",
        "photo: somebody",
    ]


def test_nothing_and_lines_without_extent() -> None:
    assert arranged([]) == []
    point = TextLine("x", 0.9, ((5, 5), (5, 5), (5, 5), (5, 5)))
    assert texts([point, point]) == ["x", "x"] or texts([point, point]) == ["x x"]


def test_many_lines_in_any_place_come_out_once_each() -> None:
    random = np.random.default_rng(1)
    many = [line(f"{n} words", *random.uniform(0, 1000, 2), height=random.uniform(5, 80)) for n in range(120)]
    assert sorted(part.text for row in arranged(many) for part in row.parts) == sorted(each.text for each in many)


def test_prose_with_a_ragged_edge_is_one_paragraph_and_a_list_is_none() -> None:
    ragged = column(
        0,
        100,
        "During these three whole long days please use",
        "the stairs behind it; our",
        "porter gladly carries it.",
    )
    assert len(paragraphs(arranged(ragged))) == 1
    listed = column(0, 100, "two spoons of the very best olive oil", "one onion", "half a lemon", "salt")
    assert len(paragraphs(arranged(listed))) > 1
