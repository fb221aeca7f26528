"""Who is who from frame to frame, in seconds."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.scene import Scene
from assistant.domain.tracks import RETURN_GATE, SAME_PERSON_S, Track, Tracker
from assistant.domain.values import Box, Change, Face, Percept


def face(x: float, y: float = 0.5, width: float = 0.1) -> Face:
    """A face by its middle."""
    return Face(Box(x - width / 2, y - width * 0.65, width, width * 1.3), None, 0.9)


def ids(tracks: Sequence[Track]) -> list[int]:
    return [track.id for track in tracks]


rates = st.sampled_from([2.0, 5.0, 10.0, 30.0])
anything = st.lists(
    st.builds(face, st.floats(-0.2, 1.2), st.floats(-0.2, 1.2), st.floats(0.001, 1.0)),
    max_size=6,
)


def test_a_face_keeps_its_identity_while_it_stays() -> None:
    tracker = Tracker()
    seen = [tracker.update(at / 10, [face(0.5)]) for at in range(30)]
    assert {track.id for tracks in seen for track in tracks} == {1}
    (track,) = seen[-1]
    assert (track.first_seen, track.last_seen, track.seen_now) == (0.0, 2.9, True)


@given(rate=rates, gap_s=st.floats(0, 0.5))
def test_identity_survives_half_a_second_unseen(rate: float, gap_s: float) -> None:
    tracker = Tracker()
    (before,) = tracker.update(0.0, [face(0.5)])
    lost = [tracker.update(index / rate, []) for index in range(1, int(gap_s * rate) + 1)]
    assert all(ids(tracks) == [before.id] and not tracks[0].seen_now for tracks in lost)
    (after,) = tracker.update((len(lost) + 1) / rate, [face(0.5)])
    assert (after.id, after.first_seen, after.seen_now) == (before.id, 0.0, True)


@given(rate=rates)
def test_a_face_gone_for_longer_is_forgotten(rate: float) -> None:
    tracker = Tracker()
    tracker.update(0.0, [face(0.5)])
    step = 1
    while tracker.update(step / rate, []):
        step += 1
    assert SAME_PERSON_S < step / rate <= SAME_PERSON_S + 1 / rate
    (back,) = tracker.update((step + 1) / rate, [face(0.5)])
    assert back.id == 2


@given(gaps=st.lists(st.floats(0.1, 3.0), min_size=40, max_size=400), sway=st.floats(0, 0.05))
def test_two_minutes_with_gaps_are_one_person(gaps: list[float], sway: float) -> None:
    tracker, scene = Tracker(), Scene({})
    at = 0.0
    changes: list[Change] = []
    for index, gap in enumerate(gaps):
        (track,) = tracker.update(at, [face(0.5 + sway * (index % 2))])
        changes += scene.believe([Percept("face", track.id, "person", 0.9, track.face.box)], at)
        at = (at + gap) if at < 120 else 0.0
        if not at:
            break
    assert [(change.kind, change.subject, change.after) for change in changes] == [("presence", 1, "person")]
    assert [person.id for person in scene.view().people] == [1]


def test_who_left_and_comes_back_to_their_place_is_the_same_and_elsewhere_somebody_else() -> None:
    for x, number in ((0.5 + 0.09 * RETURN_GATE, 1), (0.5 + 0.13 * RETURN_GATE, 2)):
        tracker = Tracker()
        tracker.update(0.0, [face(0.5)])
        for index in range(1, 40):
            tracker.update(index / 10, [])
        assert [track.id for track in tracker.update(4.0, [face(x)]) if track.seen_now] == [number]


@pytest.mark.parametrize("rate", [0.9, 0.3, 0.2])
def test_in_a_slow_camera_who_stays_is_one_person(rate: float) -> None:
    tracker = Tracker()
    numbers = [tracker.update(index / rate, [face(0.5)])[-1].id for index in range(20)]
    assert len(set(numbers[1:])) == 1
    assert not [track for track in tracker.update(19 / rate + 60, []) if track.seen_now]


@given(rate=rates, speed=st.floats(-0.3, 0.3))
def test_a_walking_face_keeps_its_identity_at_any_frame_rate(rate: float, speed: float) -> None:
    tracker = Tracker()
    found = [tracker.update(index / rate, [face(0.5 + speed * index / rate)]) for index in range(int(1.6 * rate))]
    assert {track.id for tracks in found for track in tracks} == {1}


@given(rate=rates)
def test_two_people_crossing_keep_who_they_are(rate: float) -> None:
    tracker = Tracker()
    for index in range(int(4 * rate)):
        at = index / rate
        left, right = 0.1 + 0.2 * at, 0.9 - 0.2 * at
        tracks = tracker.update(at, [face(right, 0.55), face(left, 0.45)])
        by_height = sorted(tracks, key=lambda track: track.face.box.top)
        assert ids(by_height) == [2, 1]


@given(rate=st.sampled_from([5.0, 10.0, 30.0]))
def test_people_hidden_behind_each_other_come_out_as_themselves(rate: float) -> None:
    tracker = Tracker()
    for index in range(int(3 * rate)):
        at = index / rate
        left, right = face(0.2 + 0.2 * at, 0.46), face(0.8 - 0.2 * at, 0.54)
        hidden = abs(left.box.centre[0] - right.box.centre[0]) < 0.05
        tracks = tracker.update(at, [left] if hidden else [left, right])
    assert ids(sorted(tracks, key=lambda track: track.face.box.top)) == [1, 2]


def test_a_swinging_camera_does_not_pass_names_along_the_row() -> None:
    tracker = Tracker()
    row = [0.35, 0.5, 0.65]
    tracker.update(0.0, [face(x) for x in row])
    swung = tracker.update(0.5, [face(x - 0.1) for x in row])
    assert [(track.id, round(track.face.box.centre[0], 2)) for track in swung] == [(1, 0.25), (2, 0.4), (3, 0.55)]


def test_a_much_larger_face_at_the_same_place_is_somebody_else() -> None:
    tracker = Tracker()
    tracker.update(0.0, [face(0.5, width=0.05)])
    tracks = tracker.update(0.1, [face(0.5, width=0.2)])
    assert [(track.id, track.seen_now) for track in tracks] == [(1, False), (2, True)]


def test_a_clock_set_back_starts_anew() -> None:
    tracker = Tracker()
    tracker.update(100.0, [face(0.5)])
    (track,) = tracker.update(1.0, [face(0.5)])
    assert (track.id, track.first_seen) == (2, 1.0)


@given(frames=st.lists(anything, max_size=12), rate=rates)
def test_every_face_has_one_track_and_no_identity_comes_back(frames: list[list[Face]], rate: float) -> None:
    tracker = Tracker()
    history = [tracker.update(index / rate, faces) for index, faces in enumerate(frames)]
    for faces, tracks in zip(frames, history, strict=True):
        now = [track.face for track in tracks if track.seen_now]
        assert sorted(map(id, now)) == sorted(map(id, faces))
        assert ids(tracks) == sorted(set(ids(tracks)))
    for before, after in pairwise(history):
        newest = max(ids(before), default=0)
        assert all(track.id in ids(before) or track.id > newest for track in after)
