"""Looks seldom while nobody is there, and at every frame as soon as there is somebody."""

from assistant.domain.frame_throttle import AWAKE_S, REST_S, FrameThrottle
from assistant.domain.values import Box, Percept

FACE = Percept("face", 1, "person", 0.9, Box(0.4, 0.4, 0.2, 0.2))
LIGHT = Percept("light", None, "ok", 1.0)


def test_rests_only_after_a_while_without_anybody() -> None:
    throttle = FrameThrottle()
    assert throttle.pause([LIGHT], 0.0) == 0
    assert throttle.pause([LIGHT], AWAKE_S) == 0
    assert throttle.pause([LIGHT], AWAKE_S + 0.1) == REST_S
    assert throttle.pause([LIGHT, FACE], AWAKE_S + 0.5) == 0
    assert throttle.pause([LIGHT], AWAKE_S + 1.0) == 0


def test_somebody_is_seen_within_half_a_second() -> None:
    slowest_frame = 1 / 10
    assert REST_S + slowest_frame <= 0.5
