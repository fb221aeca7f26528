"""Finds lines of text in a picture and reads them, with two networks (`networks.py`); runs in `child.py` alone.

The first network, of the kind DB, gives for each pixel how likely it lies in the core of a line (Liao et al., 2020);
the least rectangle round each core, grown by its area over its perimeter, is a line that may be turned by any angle.
Each is cut out upright and read by the second, whose columns are characters by CTC (Graves et al., 2006). Of its
characters only those of `alphabet.py` compete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.values import Pixels
from assistant.skills.text.alphabet import readable
from assistant.skills.text.networks import FINDER, READER, network

SEARCHED = (1280, 960)
"""Longer and shorter side of the picture in which lines are sought at most, pixels: what the memory allows."""
COARSE = (320, 240)
"""Where nothing is read in that, letters may be so large that they are found only in this."""
ENLARGED = 2.0
"""A small picture is enlarged for it at most so many times."""
CORE, CERTAIN = 0.3, 0.5
"""From which likelihood a pixel belongs to a line, and on average a line is one (both as the network was trained)."""
GROWN = 1.6
"""How far a core is grown, of its area over its perimeter (likewise)."""
LEAST = 5.0
"""A line that is lower in the picture that is searched is none, pixels."""
MOST_LINES = 400
HEIGHT, LONGEST = 48, 3200
"""In which height lines are read, and up to which width, pixels."""
TALL = 1.5
"""What is so many times as high as wide is a line that runs upwards or downwards."""
TRIED, DOUBTED = 3, 0.9
"""Where so many of the longest lines of a direction are read with less certainty, they may stand upside down."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line as it was found."""

    corners: NDArray[float32]
    """(4, 2), pixels: the beginning of the upper edge, its end, the end of the lower edge, its beginning."""

    @property
    def width(self) -> float:
        """Along the line, pixels."""
        return float(np.linalg.norm(self.corners[1] - self.corners[0]))

    @property
    def height(self) -> float:
        """Across it, pixels."""
        return float(np.linalg.norm(self.corners[3] - self.corners[0]))

    def turned(self, quarters: int) -> "Found":
        """The same place, read from another corner on; each quarter clockwise."""
        return Found(np.roll(self.corners, -quarters, axis=0))


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it was read."""

    text: str
    certainty: float
    corners: NDArray[float32]


class Engine:
    """Both networks, loaded once.

    Args:
        threads: How many a network may use.

    Raises:
        PartMissing, ModelMissing, ModelBroken: they cannot be used.
    """

    def __init__(self, threads: int = 1) -> None:
        cv2.setNumThreads(1)
        self._finder = _session(network(FINDER).content, threads)
        self._reader = _session(network(READER).content, threads)
        characters = ["", *self._reader.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
        self._columns = np.array([number for number, each in enumerate(characters) if not each or readable(each)])
        self._characters = [characters[number] for number in self._columns]

    def read(self, pixels: Pixels) -> list[Read]:
        """All lines, in no order, also those that are read with little certainty.

        Args:
            pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.
        """
        picture = np.ascontiguousarray(pixels[..., ::-1])  # they were trained with blue first
        reads: list[Read] = []
        for size in (SEARCHED, COARSE):
            reads += self._read_found(picture, self._find(picture, size))
            if any(read.certainty >= DOUBTED for read in reads):
                break
        return reads

    def _read_found(self, picture: Pixels, lines: Sequence[Found]) -> list[Read]:
        across = [line for line in lines if line.height < TALL * line.width]
        along = [line.turned(3) for line in lines if line.height >= TALL * line.width]
        return [read for group in (across, along) for read in self._read_all(picture, group)]

    def _find(self, picture: Pixels, within: tuple[int, int]) -> list[Found]:
        height, width = picture.shape[:2]
        longer, shorter = max(width, height), min(width, height)
        scale = min(within[0] / longer, within[1] / shorter, ENLARGED)
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        likely = _run(self._finder, _normal(cv2.resize(picture, size, interpolation=method)))[0, 0]
        core = cv2.dilate((likely > CORE).astype(uint8), np.ones((2, 2), uint8))
        contours, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        scales = np.array([width / size[0], height / size[1]], float32)
        boxes = [box for contour in contours[:MOST_LINES] if (box := _grown(contour, likely)) is not None]
        return [Found(_ordered(box * scales)) for box in boxes]

    def _read_all(self, picture: Pixels, lines: Sequence[Found]) -> list[Read]:
        """Reads lines of one direction; which of its two senses it has, their longest tell."""
        longest = sorted(lines, key=lambda line: line.width / max(line.height, 1.0))[-TRIED:]
        reads = {id(line): self._read(picture, line) for line in longest}
        ahead = sum(len(read.text) * read.certainty for read in reads.values())
        if ahead < DOUBTED * sum(len(read.text) for read in reads.values()):
            reversed_ = [self._read(picture, line.turned(2)) for line in longest]
            if sum(len(read.text) * read.certainty**2 for read in reversed_) > sum(
                len(read.text) * read.certainty**2 for read in reads.values()
            ):
                lines, reads = [line.turned(2) for line in lines], {}
        return [reads.get(id(line)) or self._read(picture, line) for line in lines]

    def _read(self, picture: Pixels, line: Found) -> Read:
        crop = _cut_out(picture, line)
        columns = _run(self._reader, _normal(crop))[0][:, self._columns]
        best = columns.argmax(axis=1)
        new = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
        text = "".join(self._characters[number] for number in best[new])
        certainty = float(columns.max(axis=1)[new].mean()) if new.any() else 0.0
        return Read(text.strip(), certainty, line.corners)


def _session(content: bytes, threads: int) -> Any:
    """A network that keeps no memory between two runs (measured: 143 instead of 280 MB stay)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _run(session: Any, values: NDArray[float32]) -> NDArray[float32]:
    return np.asarray(session.run(None, {session.get_inputs()[0].name: values})[0], float32)


def _normal(picture: Any) -> NDArray[float32]:
    """(1, 3, height, width), -1 to 1."""
    return np.ascontiguousarray((picture.astype(float32) / 127.5 - 1).transpose(2, 0, 1)[None])


def _grown(contour: Any, likely: NDArray[float32]) -> NDArray[float32] | None:
    """The corners of the line round a core; None where it is none."""
    middle, (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < 2:
        return None
    left, top, across, down = cv2.boundingRect(contour)
    mask = np.zeros((down, across), uint8)
    cv2.fillPoly(mask, [contour - (left, top)], 1)
    if cv2.mean(likely[top : top + down, left : left + across], mask)[0] < CERTAIN:
        return None
    by = width * height * GROWN / (width + height)  # both sides: twice the area over the perimeter
    grown = (width + by, height + by)
    return np.asarray(cv2.boxPoints((middle, grown, angle)), float32) if min(grown) >= LEAST else None


def _ordered(box: NDArray[float32]) -> NDArray[float32]:
    """The corners clockwise, from the one on that is uppermost at the left."""
    return np.roll(box, -int(box.sum(axis=1).argmin()), axis=0)


def _cut_out(picture: Pixels, line: Found) -> Pixels:
    """The line alone, upright, in the height in which it is read."""
    height = max(HEIGHT, round(line.height))
    width = max(8, round(line.width * height / max(line.height, 1.0)))
    onto = np.array([[0, 0], [width, 0], [width, height], [0, height]], float32)
    matrix = cv2.getPerspectiveTransform(line.corners, onto)
    crop = cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    size = (min(LONGEST, max(8, round(width * HEIGHT / height))), HEIGHT)
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA) if height > HEIGHT else crop, uint8)
