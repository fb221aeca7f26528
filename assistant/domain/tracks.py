"""Which face of this frame is which face of the frames before: the one owner of who is who.

Faces are matched to the tracks' predicted places (constant velocity) so that the sum of squared distances, measured in
face sizes, is least (Kuhn, "The Hungarian method for the assignment problem", 1955). Squares rather than plain
distances make a camera that swings past a row of people keep who is who. All times are seconds, never frames.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, inf, log, sqrt
from statistics import median

from assistant.domain.values import Box, Face, Point

SAME_PERSON_S = 5.0
"""How long a face may go unseen and still be the same one, seconds."""
RHYTHM = 1.5
"""... or for so many of the usual times between two frames, where the camera is slower than that."""
LOSS_S = 1.1
"""A face that went unseen for longer while frames came has left: it comes back to its place, or is somebody else."""
RETURN_GATE = 0.8
"""How far from its place, in face sizes."""
GATE = 0.6
"""Farthest jump that is still the same face between two frames at the same moment, in face sizes."""
GATE_PER_S = 2.5
"""By how much the gate widens with every second since the face was last seen, in face sizes."""
WIDEST_GATE = 1.7
"""The gate never grows beyond this, in face sizes."""
LARGEST_GROWTH = 1.8
"""A face whose side changed by more than this factor is another one."""
VELOCITY_MEMORY_S = 0.3
"""Time constant with which a track's velocity follows its steps."""
COASTING_S = 0.6
"""A velocity is believed for this long after the face was last seen."""


@dataclass(frozen=True, slots=True)
class Track:
    """One face through time."""

    id: int
    """Never given to another face."""
    face: Face
    """As it was last seen."""
    first_seen: float
    """Seconds on the clock of the frames."""
    last_seen: float
    """Seconds on the clock of the frames."""
    seen_now: bool
    """Whether it was found in the newest frame."""
    unseen_s: float = 0.0
    """For how long frames have come without it, seconds."""


@dataclass(frozen=True, slots=True)
class _Motion:
    """A track and where it is going."""

    track: Track
    velocity: Point
    """Fractions of the frame per second."""

    def expected(self, at: float) -> Box:
        """Where the face should be by now."""
        box = self.track.face.box
        elapsed = min(at - self.track.last_seen, COASTING_S)
        return replace(box, left=box.left + self.velocity[0] * elapsed, top=box.top + self.velocity[1] * elapsed)


class Tracker:
    """Gives each face an identity that lasts."""

    def __init__(self) -> None:
        self._motions: list[_Motion] = []
        self._next_id = 1
        self._at = -inf
        self._gaps: deque[float] = deque(maxlen=3)

    def update(self, at: float, faces: Sequence[Face]) -> list[Track]:
        """Takes in the faces of one frame.

        Args:
            at: Time of the frame, seconds. A clock that was set back starts all tracks anew.
            faces: All faces of the frame, in any order.

        Returns:
            All living tracks, oldest first, including those that were not found in this frame.
        """
        patience = max(SAME_PERSON_S, RHYTHM * median(self._gaps)) if self._gaps else SAME_PERSON_S
        self._motions = [m for m in self._motions if self._at <= at <= m.track.last_seen + patience]
        gap, self._at = at - self._at, at
        if 0 <= gap < inf:
            self._gaps.append(gap)
        matches = dict(_match([_costs(motion, at, faces) for motion in self._motions], len(faces)))
        self._motions = [
            _seen(motion, at, faces[matches[row]]) if row in matches else _missed(motion, gap)
            for row, motion in enumerate(self._motions)
        ] + [self._begin(at, face) for column, face in enumerate(faces) if column not in matches.values()]
        return [motion.track for motion in self._motions]

    def _begin(self, at: float, face: Face) -> _Motion:
        track = Track(self._next_id, face, at, at, True)
        self._next_id += 1
        return _Motion(track, (0.0, 0.0))


def turned_towards(velocity: Point, before: Point, after: Point, elapsed: float) -> Point:
    """A smoothed velocity after one more step.

    Args:
        velocity: As it was, fractions of the frame per second.
        before: Where the face was.
        after: Where it is.
        elapsed: Between the two, seconds; two places at one moment tell nothing.
    """
    if elapsed <= 0:
        return velocity
    weight = elapsed / (elapsed + VELOCITY_MEMORY_S)
    (x0, y0), (x1, y1), (vx, vy) = before, after, velocity
    return vx + weight * ((x1 - x0) / elapsed - vx), vy + weight * ((y1 - y0) / elapsed - vy)


def _seen(motion: _Motion, at: float, face: Face) -> _Motion:
    track = motion.track
    velocity = turned_towards(motion.velocity, track.face.box.centre, face.box.centre, at - track.last_seen)
    return _Motion(replace(track, face=face, last_seen=at, seen_now=True, unseen_s=0.0), velocity)


def _missed(motion: _Motion, gap: float) -> _Motion:
    track = motion.track
    return replace(motion, track=replace(track, seen_now=False, unseen_s=track.unseen_s + gap))


def _costs(motion: _Motion, at: float, faces: Sequence[Face]) -> list[float]:
    """Squared distance of every face to a track as a part of its squared gate; infinite where it cannot be the same."""
    away = motion.track.unseen_s > LOSS_S
    gate = RETURN_GATE if away else min(WIDEST_GATE, GATE + GATE_PER_S * (at - motion.track.last_seen))
    expected = motion.expected(at)
    costs = []
    for face in faces:
        part = _distance(expected, face.box) / gate
        costs.append(part**2 if part <= 1 else inf)
    return costs


def _distance(one: Box, other: Box) -> float:
    """Distance of the middles in mean face sizes; infinite where the sizes differ too much."""
    if min(one.area, other.area) <= 0 or abs(log(one.area / other.area)) > 2 * log(LARGEST_GROWTH):
        return inf
    width, height = sqrt(one.width * other.width), sqrt(one.height * other.height)
    (x0, y0), (x1, y1) = one.centre, other.centre
    return hypot((x1 - x0) / width, (y1 - y0) / height)


def _match(costs: Sequence[Sequence[float]], columns: int) -> list[tuple[int, int]]:
    """Pairs rows with columns; as many as possible of finite cost (each at most 1), of least total cost.

    Args:
        costs: (rows, columns), each 0 to 1 or infinite.
        columns: Number of columns, needed where there is no row.
    """
    rows = len(costs)
    unpaired = float(rows + columns)
    size = max(rows, columns)
    square = [
        [unpaired if i >= rows or j >= columns or costs[i][j] == inf else costs[i][j] for j in range(size)]
        for i in range(size)
    ]
    pairs = enumerate(_assign(square))
    return [(i, j) for i, j in pairs if i < rows and j < columns and costs[i][j] != inf]


def _assign(costs: Sequence[Sequence[float]]) -> list[int]:
    """Column of each row in the assignment of least total cost of a square matrix.

    Shortest augmenting paths with prices (Jonker and Volgenant, Computing 1987), in O(n^3).
    """
    size = len(costs)
    row_price, column_price = [0.0] * size, [0.0] * size
    row_of = [-1] * size
    for start in range(size):
        path = _shortest_path(costs, start, row_of, row_price, column_price)
        row_price[start] += path.length
        for column, length in path.settled:
            column_price[column] -= path.length - length
            row_price[row_of[column]] += path.length - length
        column = path.end
        while column != -1:
            before = path.came_from[column]
            row_of[column] = start if before == -1 else row_of[before]
            column = before
    return sorted(range(size), key=row_of.__getitem__)


@dataclass(frozen=True, slots=True)
class _Path:
    """The cheapest way to seat one more row."""

    end: int
    """The free column it leads to."""
    length: float
    """Its reduced cost."""
    came_from: list[int]
    """For each column the one before it on the path; -1 at the start."""
    settled: list[tuple[int, float]]
    """Occupied columns that were reached on the way, with the length to each."""


def _shortest_path(
    costs: Sequence[Sequence[float]],
    start: int,
    row_of: Sequence[int],
    row_price: Sequence[float],
    column_price: Sequence[float],
) -> _Path:
    """Dijkstra's search from a row without a column to a column without a row, over reduced costs."""
    size = len(costs)
    lengths, came_from = [inf] * size, [-1] * size
    waiting = set(range(size))
    settled: list[tuple[int, float]] = []
    row, column, reached = start, -1, 0.0
    while True:
        for j in waiting:
            length = reached + costs[row][j] - row_price[row] - column_price[j]
            if length < lengths[j]:
                lengths[j], came_from[j] = length, column
        column = min(waiting, key=lengths.__getitem__)
        reached, row = lengths[column], row_of[column]
        waiting.remove(column)
        if row == -1:
            return _Path(column, reached, came_from, settled)
        settled.append((column, reached))
