"""Pages drawn for the tests, with what stands on them, and what happens to a page before a camera sees it."""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy import uint8
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.reading.texts import TEXTS, Texts

SIZE = (1280, 960)
MARGIN = 60
FONTS = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "DejaVuSans-Bold", "DejaVuSerif-Italic", "STIXGeneral")
Picture = NDArray[uint8]


@dataclass(frozen=True)
class Page:
    """A picture and its lines, in the order in which they are read; what stands side by side in a row is one line."""

    name: str
    pixels: Picture
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def fonts() -> Path:
    """Where matplotlib keeps its fonts; skips where it is not installed."""
    import pytest

    matplotlib = pytest.importorskip("matplotlib")
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts() / f"{name}.ttf"), size)


class _Sheet:
    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        self.image = Image.new("RGB", size, (250, 248, 244))
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[str] = []

    def line(self, at: tuple[float, float], text: str, name: str, size: int, anchor: str = "la") -> None:
        self.draw.text(at, text, (20, 20, 24), font(name, size), anchor=anchor)

    def paragraph(self, left: float, top: float, width: float, text: str, name: str, size: int) -> float:
        letters = max(8, int(width / font(name, size).getlength("n")))
        while any(font(name, size).getlength(each) > width for each in textwrap.wrap(text, letters)):
            letters -= 1
        for each in textwrap.wrap(text, letters, break_on_hyphens=False):
            self.line((left, top), each, name, size)
            self.lines.append(each)
            top += round(size * 1.4)
        return top

    def page(self, name: str) -> Page:
        return Page(name, np.asarray(self.image), tuple(self.lines))


def letter(texts: Texts, name: str, size: int) -> Page:
    sheet, top = _Sheet(), float(MARGIN)
    for paragraph in texts.letter:
        top = sheet.paragraph(MARGIN, top, SIZE[0] - 2 * MARGIN, paragraph, name, size) + size
    return sheet.page("letter")


def columns(texts: Texts, name: str, size: int) -> Page:
    sheet = _Sheet()
    sheet.line((SIZE[0] / 2, MARGIN), texts.headline, name, 2 * size, "ma")
    sheet.lines.append(texts.headline)
    width = SIZE[0] / 2 - 1.5 * MARGIN
    for left, column in zip((MARGIN, SIZE[0] / 2 + MARGIN / 2), texts.columns, strict=True):
        sheet.paragraph(left, MARGIN + 4 * size, width, column, name, size)
    return sheet.page("columns")


def label(texts: Texts, name: str, size: int) -> Page:
    sheet, top = _Sheet((960, 720)), 90.0
    for number, each in enumerate(texts.label):
        tall = 2 * size if number == 0 else size
        sheet.line((480, top), each, name, tall, "ma")
        sheet.lines.append(each)
        top += tall * 2
    return sheet.page("label")


def receipt(texts: Texts, name: str, size: int) -> Page:
    sheet, top = _Sheet((720, 1000)), 80.0
    for what, price in texts.receipt:
        sheet.line((90, top), what, name, size)
        sheet.line((630, top), price, name, size, "ra")
        sheet.lines.append(f"{what} {price}".strip())
        top += round(size * 1.7)
    return sheet.page("receipt")


def sign(texts: Texts, name: str, size: int) -> Page:
    sheet = _Sheet((960, 480))
    for number, each in enumerate(texts.sign):
        tall = min(3 * size, int(3 * size * 880 / font(name, 3 * size).getlength(each)))
        sheet.line((480, 100 + number * 160), each, name, tall, "ma")
        sheet.lines.append(each)
    return sheet.page("sign")


KINDS: Mapping[str, Callable[[Texts, str, int], Page]] = {
    "letter": letter,
    "columns": columns,
    "label": label,
    "receipt": receipt,
    "sign": sign,
}


def _tilted(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.92)
    return _warped(picture, np.vstack([matrix, [0, 0, 1]]))


def _perspective(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    after = before + np.array([[90, 60], [-10, 10], [-60, -30], [20, -20]], np.float32) * width / 1280
    return _warped(picture, cv2.getPerspectiveTransform(before, after.astype(np.float32)))


def _warped(picture: Picture, matrix: NDArray[np.float64]) -> Picture:
    height, width = picture.shape[:2]
    table = (92, 70, 58)
    moved = cv2.warpPerspective(
        picture, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=table
    )
    return np.asarray(moved, uint8)


def _shaded(picture: Picture, seed: int) -> Picture:
    """A shadow falls across it, and the camera is noisy."""
    height, width = picture.shape[:2]
    across = np.linspace(0.25, 0.9, width)[None, :, None] * np.linspace(1, 0.75, height)[:, None, None]
    noise = np.random.default_rng(seed).normal(0, 5, picture.shape)
    return np.clip(picture * across + noise, 0, 255).astype(uint8)


def _pale(picture: Picture) -> Picture:
    """Little contrast: grey on a lighter grey."""
    return np.asarray(150 + (picture.astype(np.float32) - 128) * 0.22, uint8)


def _jpeg(picture: Picture, quality: int) -> Picture:
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), uint8)


CONDITIONS: Mapping[str, Callable[[Picture, int], Picture]] = {
    "as drawn": lambda picture, seed: picture,
    "tilted by 7 degrees": lambda picture, seed: _tilted(picture, 7 if seed % 2 else -7),
    "turned by 90 degrees": lambda picture, seed: np.ascontiguousarray(np.rot90(picture, 1 if seed % 2 else 3)),
    "turned by 180 degrees": lambda picture, seed: np.ascontiguousarray(np.rot90(picture, 2)),
    "seen askew": lambda picture, seed: _perspective(picture),
    "in a shadow, with noise": _shaded,
    "blurred by 2 pixels": lambda picture, seed: np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.0), uint8),
    "little contrast": lambda picture, seed: _pale(picture),
    "JPEG of quality 25": lambda picture, seed: _jpeg(picture, 25),
    "white on dark": lambda picture, seed: 255 - picture,
}


def drawn(everything: bool = False) -> Iterator[tuple[str, str, Page]]:
    """Pages with (language, condition, page), in changing fonts and sizes.

    Args:
        everything: Each kind under each condition in each language; otherwise in one of them, in turn.
    """
    for place, condition in enumerate(CONDITIONS):
        for row, kind in enumerate(KINDS):
            for column, language in enumerate(TEXTS):
                number = place * len(KINDS) + row + column
                if everything or column == (place + row) % len(TEXTS):
                    page = KINDS[kind](TEXTS[language], FONTS[number * 7 % len(FONTS)], (22, 26, 32)[number % 3])
                    pixels = CONDITIONS[condition](page.pixels, number)
                    yield language, condition, Page(page.name, pixels, page.lines)
