"""What the settings name to look, to answer and to be said: senses, skills and phrases, those of other packages too."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from assistant.devices.caption_client import SocketCaptioner
from assistant.domain.appearance import HEDGED
from assistant.domain.beliefs import brought
from assistant.domain.naming import Names
from assistant.domain.people import Gallery
from assistant.domain.policy import Policy, Preferences
from assistant.domain.ports import ExpressionClassifier, FaceDetector, FaceRecognizer, Sense, Skill
from assistant.domain.scene import Scene
from assistant.errors import SkillFailed, UnknownName
from assistant.pipeline import Pipeline
from assistant.plugins import resolve
from assistant.senses.faces.detectors import detector as make_detector
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.identity import IdentityReader
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.recognizers import installed
from assistant.senses.faces.recognizers import recognizer as make_recognizer
from assistant.senses.faces.sampling import Sampler
from assistant.senses.faces.sense import FacesSense
from assistant.senses.late import LateSense
from assistant.settings import Settings
from assistant.skills.learning import LearnSkill
from assistant.speech.phrases import Phrases
from assistant.speech.vocabulary import vocabulary
from assistant.store.people import People

log = logging.getLogger(__name__)

SENSES: Mapping[str, str] = {"light": "assistant.senses.light:LightSense"}
"""Senses beside "faces", made without arguments, like those that come as entry points (`assistant.senses`)."""
SKILLS: Mapping[str, str] = {
    "light": "assistant.skills.light:LightSkill",
    "things": "assistant.skills.things:ThingsSkill",
    "colour": "assistant.skills.colour:ColourSkill",
    "read": "assistant.skills.reading:ReadSkill",
    "codes": "assistant.skills.codes:CodesSkill",
    "scene": "assistant.skills.scene:SceneSkill",
}
"""Skills; those that come as entry points (`assistant.skills`) are made without arguments."""
GIVEN: Mapping[str, Callable[[Settings], Mapping[str, Any]]] = {
    "light": lambda settings: {"clock": settings.place == "clock", "field_of_view": settings.camera.field_of_view},
    "things": lambda settings: {
        "detector": settings.things.detector,
        "clock": settings.place == "clock",
        "field_of_view": settings.camera.field_of_view,
        "words": lambda: vocabulary(Phrases(settings.language).language, "thing"),
    },
    "read": lambda settings: {"language": settings.language},
    "scene": lambda settings: {
        "captioner": _captioner(settings),
        "expressions_told": settings.context == "home",
        "strangers": settings.announce.strangers,
    },
}
"""What of the settings a skill of ours is made with, by its name."""
WITH_OTHERS = frozenset({"scene"})
"""Skills of ours that are made with the others too, by name, as `others`."""


def make_pipeline(
    settings: Settings,
    *,
    detector: str | None = None,
    settle_s: float | None = None,
    gallery: Callable[[], Gallery] | None = None,
    finely: bool = False,
) -> Pipeline:
    """Senses, scene and policy.

    Args:
        settings: What the user chose.
        detector: Instead of the face detector in the settings.
        settle_s: Instead of the time in the settings; 0 for single pictures.
        gallery: Gives everybody who is learnt; None where nobody is named.
        finely: Whether each picture may take up to a second, in which small faces are searched for too.

    Raises:
        UnknownName: a sense or a detector that does not exist.
        ModelMissing, ModelBroken: a network that cannot be used.
    """
    cv2.setNumThreads(1)  # more threads are no faster at these sizes, and take the processor from the voice
    home = settings.context == "home"
    classifier = LiteRTClassifier() if home and "faces" in settings.senses else None
    settle_s = settings.beliefs.settle_s if settle_s is None else settle_s
    recognizer = make_recognizer() if gallery and home and installed() and "faces" in settings.senses else None
    identities = names = None
    if recognizer and gallery:
        identities = IdentityReader(recognizer, gallery, all_at_once=settle_s == 0)
        names = Names(recognizer.certain, partial(_names_in, gallery))
    detect = partial(make_detector, detector or settings.faces.detector, finely=finely)
    points = PointsNetwork() if "faces" in settings.senses else None
    senses = _senses(settings, detect, points, classifier, identities)
    rows = brought(senses)
    scene = Scene(
        classifier.thresholds if classifier else {},
        settle_s,
        settings.beliefs.lost_s,
        settings.camera.field_of_view,
        clock=settings.place == "clock",
        more=rows,
        names=names,
        covered=points.covered if points else HEDGED,
    )
    told = [kind for kind, row in rows.items() if row.told]
    return Pipeline(senses, scene, Policy(_preferences(settings), _hushed(settings.announce.quiet_hours), told))


def _preferences(settings: Settings) -> Preferences:
    """How much is told, as the user chose."""
    return Preferences(
        verbosity=settings.verbosity,
        expressions_told=settings.context == "home",
        volunteered=frozenset(settings.announce.expressions),
        topics=frozenset(settings.announce.topics),
        per_person_s=settings.announce.per_person_s,
        per_minute=settings.announce.per_minute,
        stale_s=settings.announce.stale_s,
        strangers=settings.announce.strangers,
    )


def _names_in(gallery: Callable[[], Gallery]) -> tuple[str, ...]:
    return gallery().names


def _senses(
    settings: Settings,
    detect: Callable[[], FaceDetector],
    points: PointsNetwork | None,
    classifier: ExpressionClassifier | None,
    identities: IdentityReader | None,
) -> list[Sense]:
    senses: list[Sense] = []
    for name in settings.senses:
        if points and name == "faces":
            follower = Follower(detect(), points)
            view = settings.camera.field_of_view
            senses.append(
                FacesSense(follower=follower, classifier=classifier, field_of_view=view, identities=identities)
            )
        else:
            senses.append(LateSense(name, partial(_made_sense, name)))
    return senses


def _made_sense(name: str) -> Sense:
    sense: Sense = resolve("sense", name, SENSES)()
    return sense


def make_learning(settings: Settings, people: People) -> LearnSkill:
    """Learns somebody from the camera, where a network for it is installed; else it says that there is none."""

    def make() -> tuple[Sampler, FaceRecognizer]:
        network = make_recognizer()
        return Sampler(make_detector(settings.faces.detector), network), network

    return LearnSkill(people, make if installed() else None)


def _captioner(settings: Settings) -> SocketCaptioner | None:
    chosen = settings.captioner
    if not chosen.socket:
        return None
    language = Phrases(settings.language).language.name
    path = Path(chosen.socket).expanduser()
    return SocketCaptioner(path=path, language=language, model=chosen.model, deadline_s=chosen.deadline_s)


def make_skills(settings: Settings) -> tuple[list[Skill], list[SkillFailed]]:
    """What answers the questions that take longer, and those that could not be made, which the others do without.

    Raises:
        UnknownName: a skill that does not exist.
    """
    skills: dict[str, Skill] = {}
    failed: list[SkillFailed] = []
    for name in settings.skills:
        try:
            given = dict(GIVEN[name](settings)) if name in SKILLS and name in GIVEN else {}
            given |= {"others": skills} if name in SKILLS and name in WITH_OTHERS else {}
            skill = resolve("skill", name, SKILLS)(**given)
            if not (isinstance(skill, Skill) and isinstance(skill.name, str)):
                raise TypeError(f"{skill!r} is no skill")
            skills[name] = skill
        except (UnknownName, KeyboardInterrupt):
            raise
        except BaseException:  # of another package
            log.exception("the skill %s cannot be made", name)
            failed.append(SkillFailed(name))
    return list(skills.values()), failed


def make_phrases(settings: Settings) -> Phrases:
    """The sentences of the chosen language, with those that senses and skills bring.

    Raises:
        ConfigError: there is no such language, or a mistake in its files.
    """
    parts = [("sense", name, SENSES) for name in settings.senses if name != "faces"]
    parts += [("skill", name, SKILLS) for name in settings.skills]
    brought = []
    for kind, name, known in parts:
        with suppress(Exception, SystemExit):  # what cannot be imported is told when it is made
            brought.append(Path(getattr(resolve(kind, name, known), "voices", None) or ""))
    return Phrases(settings.language, others=[voices for voices in dict.fromkeys(brought) if voices.parts])


def _hushed(hours: str) -> Callable[[], bool]:
    """Whether the local time lies within "22:00-07:00"; never for an empty text."""
    begin, _, end = hours.partition("-")

    def hushed() -> bool:
        now = datetime.now().strftime("%H:%M")
        return begin <= now < end if begin <= end else now >= begin or now < end

    return hushed if hours else lambda: False
