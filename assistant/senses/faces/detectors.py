"""Face detectors by the name that config.yaml gives them."""

from collections.abc import Mapping
from typing import cast

from assistant.domain.ports import FaceDetector
from assistant.plugins import resolve
from assistant.senses.faces.tiles import TiledDetector

DETECTORS: Mapping[str, str] = {
    "finder": "assistant.senses.faces.finder:FinderDetector",
    "haar": "assistant.senses.faces.haar:HaarDetector",
    "yunet": "assistant.senses.faces.yunet:YuNetDetector",
}
"""Our own; others come as entry points of the group `assistant.detectors`."""

AUTO, BEST = "auto", "finder"
"""What "auto" stands for: the one that finds most in photographs that judge (docs/detectors.md)."""


def detector(name: str = AUTO, *, finely: bool = False) -> FaceDetector:
    """Makes a face detector.

    Args:
        name: A key of `DETECTORS`, an installed entry point, or "auto".
        finely: Whether it searches large pictures in parts too; up to a second for each.

    Raises:
        UnknownName: no such detector.
        ModelMissing, ModelBroken: its weights are not there, or are other ones; `auto` falls back on nothing when they
            are broken, because a damaged file is to be told and not to be hidden.
    """
    made = cast(FaceDetector, resolve("detector", BEST if name == AUTO else name, DETECTORS)())
    return TiledDetector(made) if finely else made
