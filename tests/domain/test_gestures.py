"""Gestures: what each press means, whatever the button's contact and the caller's clock do."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.gestures import BOUNCE_S, CAMERA_S, DOUBLE_S, HELD_S, Gestures

Heard = list[tuple[float, str]]


def played(events: str, answering: bool = False, step: float = 0.05, until: float = 8.0) -> list[str]:
    """Plays events like "0+ 1.2-" (press at 0 s, release at 1.2 s), looking at `due` every `step` seconds."""
    gestures = Gestures()
    edges = sorted((float(word[:-1]), word[-1]) for word in events.split())
    verbs: list[str | None] = []
    at = 0.0
    for moment, edge in [*edges, (until, "")]:
        while at < moment:
            verbs.append(gestures.due(at))
            at += step
        if edge == "+":
            verbs.append(gestures.press(moment, answering))
        elif edge == "-":
            gestures.release(moment)
    return [verb for verb in verbs if verb]


@pytest.mark.parametrize(
    ("events", "verbs"),
    [
        ("0+ 0.1-", ["now"]),
        ("0+ 0.1- 0.3+ 0.4-", ["now", "repeat"]),
        ("0+ 0.1- 0.5+ 0.6-", ["now", "now"]),
        ("0+ 0.1- 0.3+ 0.35- 0.6+ 0.7-", ["now", "repeat", "now"]),
        ("0+ 0.9-", ["now"]),
        ("0+ 1.2-", ["now", "detail"]),
        ("0+ 3.2-", ["now", "detail", "camera"]),
        ("0+ 9-", ["now", "detail", "camera"]),
        ("0+ 0.1- 0.3+ 1.2-", ["now", "repeat"]),
        ("0+ 0.1- 0.3+ 1.8-", ["now", "repeat", "lens"]),
        ("0+ 0.1- 0.3+ 3.8-", ["now", "repeat", "lens", "camera"]),
        ("0+ 1.2- 1.5+ 1.6-", ["now", "detail", "now"]),
    ],
)
def test_in_silence(events: str, verbs: list[str]) -> None:
    assert played(events) == verbs


@pytest.mark.parametrize(
    ("events", "verbs"),
    [
        ("0+ 0.1-", ["stop"]),
        ("0+ 0.1- 0.3+ 0.4-", ["stop", "repeat"]),
        ("0+ 0.1- 0.3+ 1.8-", ["stop", "repeat", "lens"]),
        ("0+ 2-", ["stop"]),
        ("0+ 3.2-", ["stop", "camera"]),
    ],
)
def test_during_an_answer_a_press_means_silence(events: str, verbs: list[str]) -> None:
    assert played(events, answering=True) == verbs


@pytest.mark.parametrize(
    ("events", "verbs"),
    [
        ("0+ 0.005- 0.01+ 0.2-", ["now"]),
        ("0+ 0.005- 0.01+ 0.015- 0.02+ 1.2-", ["now", "detail"]),
        ("0+ 0.2- 0.21+ 0.215-", ["now"]),
        ("0+ 1.2- 1.21+ 3.2-", ["now", "detail", "camera"]),
        ("0+ 0.01+ 0.02+ 0.2-", ["now"]),
    ],
)
def test_a_bouncing_contact_is_one_movement(events: str, verbs: list[str]) -> None:
    assert played(events) == verbs


@pytest.mark.parametrize(
    ("events", "verbs"),
    [
        ("0- 1-", []),
        ("0+ 0.6+ 0.7-", ["now", "now"]),
        ("0+ 0.3+ 0.4-", ["now", "repeat"]),
        ("0+ 2+ 2.1- 2.2-", ["now", "detail", "now"]),
    ],
)
def test_lost_and_stray_releases(events: str, verbs: list[str]) -> None:
    assert played(events) == verbs


def test_a_hold_counts_even_when_the_timer_comes_after_the_release() -> None:
    gestures = Gestures()
    gestures.press(0.0, answering=False)
    gestures.release(1.1)
    assert gestures.due(1.2) == "detail"
    assert gestures.due(9.0) is None


def test_asked_very_late_only_the_camera_counts() -> None:
    gestures = Gestures()
    gestures.press(0.0, answering=False)
    assert gestures.due(3.5) == "camera"
    assert gestures.due(9.0) is None


def test_a_clock_that_runs_backwards_stands_still() -> None:
    gestures = Gestures()
    assert gestures.press(10.0, answering=False) == "now"
    gestures.release(9.0)
    assert gestures.due(11.5) is None


TIMER_S = 0.05
waits = st.floats(0, 5, allow_nan=False)
movements = st.lists(st.tuples(waits, st.sampled_from("+-."), st.booleans()), max_size=40)


def run(events: list[tuple[float, str, bool]]) -> tuple[Heard, Heard]:
    """Plays waits followed by press, release or nothing; looks at `due` every `TIMER_S`. Gives presses and holds."""
    gestures = Gestures()
    pressed: Heard = []
    held: Heard = []
    at = 0.0
    for wait, edge, answering in events:
        for tick in range(int(wait / TIMER_S) + 1):
            if verb := gestures.due(at + tick * TIMER_S):
                held.append((at + tick * TIMER_S, verb))
        at += wait
        if edge == "+":
            verb = gestures.press(at, answering)
            if verb:
                pressed.append((at, verb))
        elif edge == "-":
            gestures.release(at)
    return pressed, held


@given(movements)
def test_every_press_beyond_bouncing_acts_at_once(events: list[tuple[float, str, bool]]) -> None:
    pressed, _ = run(events)
    at, edges = 0.0, []
    for wait, edge, _ in events:
        at += wait
        edges.append((at, edge))
    downs = [at for at, edge in edges if edge == "+"]
    quiet = [at for before, at in pairwise([float("-inf"), *downs]) if at - before > BOUNCE_S]
    ups = [at for at, edge in edges if edge == "-"]
    clean = [at for at in quiet if not any(0 <= at - up <= BOUNCE_S for up in ups)]
    assert set(clean) <= {at for at, _ in pressed}
    assert {verb for _, verb in pressed} <= {"now", "stop", "repeat"}


@given(movements)
def test_repeat_follows_another_press_closely(events: list[tuple[float, str, bool]]) -> None:
    pressed, _ = run(events)
    assert all(verb != "repeat" for _, verb in pressed[:1])
    for (before, first), (at, second) in pairwise(pressed):
        assert (second == "repeat") == (at - before <= DOUBLE_S and first != "repeat")


@given(movements)
def test_holding_gives_each_verb_once_and_grows_out_of_its_press(events: list[tuple[float, str, bool]]) -> None:
    pressed, held = run(events)
    assert {verb for _, verb in held} <= {"detail", "lens", "camera"}
    grown = {"detail": {"now"}, "lens": {"repeat"}, "camera": {"now", "repeat", "stop"}}
    for verb, after in (("detail", HELD_S), ("lens", HELD_S), ("camera", CAMERA_S)):
        times = [at for at, given in held if given == verb]
        assert len(times) == len(set(times))
        for time in times:
            before = [(at, what) for at, what in pressed if at + after <= time + 1e-6]
            assert before
            assert before[-1][1] in grown[verb]


@given(movements)
def test_silence_is_kept_while_an_answer_is_stopped(events: list[tuple[float, str, bool]]) -> None:
    pressed, held = run([(wait, edge, True) for wait, edge, _ in events])
    assert "detail" not in {verb for _, verb in held}
    assert "now" not in {verb for _, verb in pressed}
