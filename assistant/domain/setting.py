"""Whether a place is indoors or out, by the things that stand there and nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any

INDOORS = frozenset(
    (*("bed", "couch", "dining table", "microwave", "oven", "refrigerator", "sink", "toaster", "toilet", "tv"),)
)
OUTDOORS = frozenset(
    (
        *(
            "airplane",
            "bear",
            "boat",
            "bus",
            "car",
            "cow",
            "elephant",
            "fire hydrant",
            "giraffe",
            "horse",
            "kite",
            "motorcycle",
            "parking meter",
            "sheep",
            "skis",
            "snowboard",
            "stop sign",
            "surfboard",
            "traffic light",
            "train",
            "truck",
            "zebra",
        ),
    )
)
SURE = "sure"


def setting(things: Sequence[Mapping[str, Any]]) -> str | None:
    """Where the picture was taken, if that is sure.

    Args:
        things: As `look --json` prints them, with `label` and, where it is known, `statement`.

    Returns:
        "indoors" or "outdoors" where two things that may be said unhedged stand there alone, and none that stands
        elsewhere; None otherwise.
    """
    labels = [str(each["label"]) for each in things if each.get("statement", SURE) == SURE]
    inside, outside = (sum(label in known for label in labels) for known in (INDOORS, OUTDOORS))
    if inside >= 2 and not outside:
        return "indoors"
    return "outdoors" if outside >= 2 and not inside else None
