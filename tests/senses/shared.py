"""Files outside the repository: tests that need them are skipped by name where they do not lie beside it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"
YUNET = SHARED / "models" / "face_detection_yunet_2023mar.onnx"
YOLOX = SHARED / "models" / "yolox_nano.onnx"
COCO = SHARED / "data" / "coco128-train.tar"
MEDIA = SHARED / "media"
FER2013 = SHARED / "data" / "fer2013.npz"


def needs(path: Path) -> pytest.MarkDecorator:
    """Skips a test where a file is not there."""
    return pytest.mark.skipif(not path.exists(), reason=f"{path.name} is not beside the repository")


def without_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were no network that recognises people but one that is not installed."""
    foreign = {"face-reidentification-retail-0095": "nowhere:Nothing"}
    monkeypatch.setattr("assistant.senses.faces.recognizers.RECOGNIZERS", foreign)
