"""Face detectors by the name that config.yaml gives them."""

from collections.abc import Mapping
from typing import cast

from assistant import weights
from assistant.domain.ports import FaceDetector
from assistant.plugins import resolve

DETECTORS: Mapping[str, str] = {
    "finder": "assistant.senses.faces.finder:FinderDetector",
    "haar": "assistant.senses.faces.haar:HaarDetector",
    "yunet": "assistant.senses.faces.yunet:YuNetDetector",
}
"""Our own; others come as entry points of the group `assistant.detectors`."""

AUTO = "auto"


def detector(name: str = AUTO) -> FaceDetector:
    """Makes a face detector.

    Args:
        name: A key of `DETECTORS`, an installed entry point, or "auto": YuNet where it is installed, else Haar.

    Raises:
        UnknownName: no such detector.
        ModelMissing, ModelBroken: its weights are not there, or are other ones; `auto` falls back on nothing when they
            are broken, because a damaged file is to be told and not to be hidden.
    """
    if name == AUTO:
        name = "haar" if weights.present("yunet") is None else "yunet"
    return cast(FaceDetector, resolve("detector", name, DETECTORS)())
