"""Coloured surfaces in drawn rooms under five illuminants: what `colour` says of them. Prints the table of the docs.

`python -m tests.skills.swatches`. The swatches are those centroids of the ISCC-NBS system (Kelly and Judd, "Color:
Universal Language and Dictionary of Names", NBS 440, 1976; sRGB of the Jaffer dictionary) whose designation is a basic
term alone with an adjective for how light or strong it is; "pale", "grayish" and "blackish" are left out, which are
between two terms. Nothing in the program was chosen by them: its names come from another survey (`colour_names.py`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from assistant.skills.colour import in_the_middle

SWATCHES: Mapping[str, str] = {
    "black": "222222",
    "white": "f2f3f4",
    "grey": "b9b8b5 848482 555555",
    "red": "be0032 bc3f4a 841b2d 5c0923 ab4e52 722f37 3f1728",
    "green": "008856 3eb489 007959 00543d 8ed1b2 6aab8e 3b7861 1b4d3e 1c352d",
    "yellow": "f3c300 fada5e d4af37 af8d13 f8de7e c9ae5d ab9144",
    "blue": "00a1c2 4997d0 0067a5 00416a a1caf1 70a3cc 436b95 00304e",
    "brown": "80461b 593319 a67b5b 6f4e37 422518",
    "orange": "f38400 fd943f ed872d be6516 fab57f d99058",
    "pink": "ffb5ba ea9399 e4717a f9ccca dea5a4 c08081",
    "purple": "9a4eae d399e6 875692 602f6b 401a4c d5badb b695c0 86608e 563c5c 301934",
}
ILLUMINANTS: Mapping[str, tuple[float, float]] = {
    "daylight D65": (0.3127, 0.3290),
    "daylight D50": (0.3457, 0.3585),
    "incandescent A": (0.4476, 0.4074),
    "fluorescent F11": (0.3805, 0.3769),
    "LED B3": (0.3756, 0.3723),
}
"""Chromaticity (x, y) of the standard illuminants of CIE 15:2018."""
EACH = 12
"""Rooms for each term and illuminant in the tests: what they find right is known to three in a hundred."""
MANY = 60
"""Likewise for the table: to one and a half in a hundred (standard error)."""
SIZE = (120, 160)
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def rooms(illuminant: str, each: int = EACH, seed: int = 20261128) -> Iterator[tuple[str, np.ndarray]]:
    """Pictures with a swatch in the middle, and its term."""
    random = np.random.default_rng([seed, *illuminant.encode()])
    for term, codes in SWATCHES.items():
        for number in range(each):
            code = codes.split()[number % len(codes.split())]
            yield term, photographed(_room(bytes.fromhex(code), random), illuminant, random)


def photographed(room: np.ndarray, illuminant: str, random: np.random.Generator) -> np.ndarray:
    """What a camera that is set to daylight makes of a room, linear sRGB, in the light of a lamp: uint8."""
    light = room @ _cast(illuminant).T
    white = _cast(illuminant) @ np.ones(3)
    light = np.maximum(light, 0) / white.max() * random.uniform(0.75, 1.0)
    across = np.linspace(*random.uniform(0.7, 1.0, 2), room.shape[1])[:, None]  # light falls off to a side
    light = light * across / across.max()
    light = light + random.normal(0, 1, light.shape) * (0.003 + 0.015 * np.sqrt(light))
    light = np.clip(light, 0, 1)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(255 * coded).astype(np.uint8)


@cache
def confusions(illuminant: str, each: int = EACH) -> Counter[tuple[str, str]]:
    """How often a term was answered for a term."""
    return Counter((term, " with ".join(in_the_middle(picture))) for term, picture in rooms(illuminant, each))


def right(illuminant: str, each: int = EACH) -> float:
    """Part of the swatches that were called by their own term and no other."""
    table = confusions(illuminant, each)
    return sum(count for (term, said), count in table.items() if term == said) / table.total()


def _room(swatch: bytes, random: np.random.Generator) -> np.ndarray:
    """Linear sRGB (height, width, 3): a swatch before two hundred surfaces, most of them dull."""
    height, width = SIZE
    room = np.ones((height, width, 3)) * _surface(random)
    for _ in range(200):
        top, left = random.integers(-20, height), random.integers(-20, width)
        bottom, right = top + random.integers(8, 60), left + random.integers(8, 60)
        room[max(0, top) : bottom, max(0, left) : right] = _surface(random)
    middle, half = (height // 2, width // 2), height // 4
    code = np.frombuffer(swatch, np.uint8) / 255
    room[middle[0] - half : middle[0] + half, middle[1] - half : middle[1] + half] = _decoded(code)
    return room


def _surface(random: np.random.Generator) -> np.ndarray:
    """A surface's colour: any lightness, hues of every kind, one in three without."""
    grey = random.uniform(0.1, 0.95)
    spread = 0.0 if random.random() < 1 / 3 else 0.15
    return _decoded(np.clip(grey + random.normal(0, spread, 3), 0, 1))


def _decoded(code: np.ndarray) -> np.ndarray:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


@cache
def _cast(illuminant: str) -> np.ndarray:
    """What a surface of a linear sRGB colour looks like in another light to eyes, or a camera, that do not adapt."""

    def cones(x: float, y: float) -> np.ndarray:
        return BRADFORD @ np.array([x / y, 1, (1 - x - y) / y])

    gains = np.diag(cones(*ILLUMINANTS[illuminant]) / cones(*ILLUMINANTS["daylight D65"]))
    return np.linalg.inv(TO_XYZ) @ np.linalg.inv(BRADFORD) @ gains @ BRADFORD @ TO_XYZ


def markdown() -> str:
    """The table of the docs: a row for each term, the answers over all illuminants; then each illuminant."""
    total: Counter[tuple[str, str]] = Counter()
    for illuminant in ILLUMINANTS:
        total += confusions(illuminant, MANY)
    lines = ["| drawn | named | of " + str(MANY * len(ILLUMINANTS)) + " |", "|---|---|---|"]
    for term in SWATCHES:
        said = Counter({answer: count for (drawn, answer), count in total.items() if drawn == term})
        others = ", ".join(f"{answer} {count}" for answer, count in said.most_common() if answer != term)
        lines.append(f"| {term} | {others or '-'} | {said[term]} right |")
    lines += ["", "| illuminant | right |", "|---|---|"]
    lines += [f"| {illuminant} | {100 * right(illuminant, MANY):.1f} % |" for illuminant in ILLUMINANTS]
    return "\n".join(lines)


if __name__ == "__main__":
    print(markdown())
