"""The demo, from the made camera to the sentences: what a newcomer without camera and sound device gets."""

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.program import assistant

pytest.importorskip("skimage", reason="the demo's portraits are not installed")


@pytest.mark.timeout(300)
def test_the_demo_tells_who_is_there_and_ends(tmp_path: Path) -> None:
    for _ in range(3):  # It goes by the clock: where this machine stalled for a second, it could not see.
        done = assistant("run", "--source", "demo", "--engine", "wav", "--json", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        events = [json.loads(line) for line in done.stdout.splitlines()]
        if "cannot_see" not in [event["message"] for event in events]:
            break
    played = [event["message"] for event in events if event["outcome"] == "played"]
    assert played[0] == "ready"
    assert "expression_sure" in played
    assert "still_picture" not in played  # they blink
    assert played[-1] == "nobody"
    assert {"at", "message", "text", "urgency", "outcome"} == set(events[0])
    first = next(event for event in events if event["message"] == "expression_sure" and event["outcome"] == "played")
    assert "happy" in first["text"]  # the astronaut smiles
    asked = [event for event in events if event["urgency"] == "answer" and event["outcome"] != "dropped"]
    assert len(asked) >= 4
    with wave.open(str(tmp_path / "demo.wav")) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert len(sound) > 10 * file.getframerate()
    assert np.abs(sound).max() > 1000
