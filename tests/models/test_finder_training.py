"""The training of the finder from start to end on made pictures, as `make train-finder SMOKE=1` runs it.

Skipped where the training's environment is missing, which `make train-finder` makes.
"""

import json
import subprocess

import pytest
import yaml

from assistant import weights
from tests.models.trainings import HANG_S, MARKS, ROOT, history, smoke

pytestmark = MARKS
MADE = ROOT / "build" / "smoke" / "finder"


@pytest.fixture(scope="module")
def printed() -> str:
    return smoke("train-finder")


def test_it_trains_and_its_file_is_as_its_manifest_says(printed: str) -> None:
    assert [row["epoch"] for row in history(MADE)] == [1, 2]
    manifest = weights.read(MADE / "model" / "manifest.yaml")
    content = (MADE / "model" / manifest.file.name).read_bytes()
    assert len(content) == manifest.file.size
    shipped = weights.manifest("face-detection")
    assert (manifest.input, manifest.output) == (shipped.input, shipped.output)


def test_every_detector_is_measured_on_what_judges(printed: str) -> None:
    assert "photographs without a face in which somebody is seen" in printed
    metrics = json.loads((MADE / "model" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["detectors"]["finder"]["drawn"]["all"][1] > 0
    assert (
        yaml.safe_load((MADE / "model" / "manifest.yaml").read_text(encoding="utf-8"))["metrics"]["faceless_views"] > 0
    )


def test_where_the_data_are_missing_that_is_told() -> None:
    done = subprocess.run(
        ["make", "train-finder"], cwd=ROOT, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert done.returncode != 0
    assert "train-finder DATA=" in done.stderr
