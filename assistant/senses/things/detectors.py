"""Detectors of things by the name that config.yaml gives them."""

from collections.abc import Mapping
from typing import cast

from assistant import weights
from assistant.domain.ports import ObjectDetector
from assistant.errors import ModelMissing, PartMissing
from assistant.plugins import resolve

DETECTORS: Mapping[str, str] = {
    "yolox": "assistant.senses.things.yolox:YoloxDetector",
    "ssd": "assistant.senses.things.ssd:SsdDetector",
}
"""Our own; others come as entry points of the group `assistant.object_detectors`."""
MODELS: Mapping[str, str] = {"yolox": "yolox-nano", "ssd": "ssd-mobilenet-v2"}
"""The weights of our own, the one that is measured best first (docs/things.md): "auto" is the first whose weights are
there."""
AUTO = "auto"


def chosen(name: str = AUTO) -> str:
    """The detector that a name stands for.

    Raises:
        PartMissing: "auto", and none is installed.
    """
    if name != AUTO:
        return name
    for each, model in MODELS.items():
        if weights.present(model) is not None:
            return each
    package = weights.manifest(MODELS["ssd"]).file.package
    raise PartMissing(package.name, package.extra) if package else ModelMissing("Nothing finds things here.")


def detector(name: str = AUTO) -> ObjectDetector:
    """Makes a detector of things.

    Args:
        name: A key of `DETECTORS`, an installed entry point, or "auto".

    Raises:
        UnknownName: no such detector.
        ModelMissing, ModelBroken: its weights are not there, or are other ones; "auto" takes no other one when they are
            broken, because a damaged file is to be told and not to be hidden.
    """
    return cast(ObjectDetector, resolve("object_detector", chosen(name), DETECTORS)())
