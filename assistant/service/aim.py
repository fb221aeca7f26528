"""Aiming the camera by ear: says where the nearest face is, for as long as somebody is setting it up."""

from collections.abc import Callable, Iterable

from assistant.domain.answers import nobody
from assistant.domain.place import edge
from assistant.domain.values import Announcement, Urgency, announce
from assistant.domain.views import SceneView

AGAIN_S = 4.0
"""What has not changed is said again after this time, seconds."""
READABLE = 0.12
"""A face lower than this part of the frame is too far away to read."""


def aim(views: Iterable[SceneView], say: Callable[[Announcement], None]) -> None:
    """Says where the nearest face is, whenever that changes and every few seconds, until the views end.

    Args:
        views: What is believed about each frame.
        say: Speaks, and returns when it has been heard.
    """
    told: Announcement | None = None
    told_at = float("-inf")
    for view in views:
        found = describe(view)
        if found != told or view.at - told_at > AGAIN_S:
            say(found)
            told, told_at = found, view.at


def describe(view: SceneView) -> Announcement:
    """What helps to aim: nobody, a picture, truncated by which edge, too far away, or in which third of the picture."""
    if not view.people:
        return _announce(nobody(view).message)
    person = view.people[0]
    if person.truncated:
        return _announce("face_cut", side=edge(person.box))
    if person.box.height < READABLE:
        return _announce("face_far")
    return _announce("expression_off", who=person.place)


def _announce(message: str, **facts: str) -> Announcement:
    return announce(message, facts, urgency=Urgency.ANSWER, topic="aim")
