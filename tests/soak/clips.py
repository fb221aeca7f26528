"""What the soaking camera shows: rooms, portraits, darkness, and the clips of ../shared where they are."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import cv2

from tests.devices.streams import jpeg
from tests.faults.stand_in import FPS, cover, room

MEDIA = Path(__file__).parents[3] / "shared" / "media"
LENGTH = 5 * FPS
"""Pictures of each clip."""


@cache
def clips() -> list[Sequence[bytes]]:
    """Each is JPEGs, shown again and again."""
    made = [room(), room(30), cover()]
    try:
        from tests.faults.stand_in import smile

        made.append(smile())
    except BaseException as error:  # noqa: BLE001 - the portrait's packages are an extra, and pytest skips without them
        print(f"without the portrait: {error}")
    return [*made, *(list(_pictures(path)) for path in sorted(MEDIA.glob("*.mkv"))[:4])]


def _pictures(path: Path) -> Iterator[bytes]:
    film = cv2.VideoCapture(str(path))
    every = max(1, round(film.get(cv2.CAP_PROP_FPS) / FPS))
    for number in range(LENGTH * every):
        ok, pixels = film.read()
        if not ok:
            break
        if number % every == 0:
            yield jpeg(cv2.cvtColor(cv2.resize(pixels, (640, 480)), cv2.COLOR_BGR2RGB))
    film.release()
