"""What is believed of whom, per person and in seconds."""

import pytest

from assistant.domain.scene import Scene
from assistant.domain.values import Box, Confidence, Percept, Pose, Thresholds

THRESHOLDS = {"happy": Thresholds(sure=0.7, unsure=0.4), "sad": Thresholds(sure=None, unsure=0.4)}
MIDDLE = Box(0.4, 0.3, 0.2, 0.3)
LEFT = Box(0.05, 0.4, 0.1, 0.15)
RIGHT = Box(0.8, 0.4, 0.1, 0.15)


def face(subject: int, box: Box = MIDDLE, kind: str = "person") -> Percept:
    return Percept("face", subject, kind, 0.9, box)


def expression(subject: int, value: str, certainty: float = 0.9) -> Percept:
    other = "neutral" if value != "neutral" else "happy"
    return Percept("expression", subject, value, certainty, distribution={value: certainty, other: 1 - certainty})


def facing(subject: int, value: str, certainty: float = 0.9, pose: Pose | None = None) -> Percept:
    others = [other for other in ("you", "left", "right") if other != value]
    chances = {value: certainty} | dict.fromkeys(others, (1 - certainty) / 2)
    return Percept("facing", subject, value, certainty, distribution=chances, pose=pose)


def mouth(subject: int, covered: float) -> Percept:
    chances = {"covered": covered, "bare": 1 - covered}
    best = max(chances, key=chances.__getitem__)
    return Percept("mouth", subject, best, chances[best], distribution=chances)


def watch(scene: Scene, seconds: float, *percepts: Percept, start: float = 0.0, fps: float = 10.0) -> list[str]:
    """Shows the same percepts for a time; gives the changes as "kind before>after"."""
    changes = []
    for index in range(int(seconds * fps) + 1):
        for change in scene.believe(percepts, start + index / fps):
            changes.append(f"{change.kind} {change.before}>{change.after}")
    return changes


def test_a_person_is_seen_soon_and_read_after_a_while() -> None:
    scene = Scene(THRESHOLDS)
    assert watch(scene, 0.2, face(1), expression(1, "happy")) == []
    assert scene.view().people == ()
    assert watch(scene, 0.7, face(1), expression(1, "happy"), start=0.3) == ["presence None>person"]
    person = scene.view().people[0]
    assert (person.expression, person.settled, person.confidence) == ("happy", False, Confidence.UNSURE)
    assert watch(scene, 0.5, face(1), expression(1, "happy"), start=1.1) == ["expression None>happy"]
    assert scene.view().people[0].confidence is Confidence.SURE


def test_a_flash_of_a_detector_is_nobody() -> None:
    scene = Scene(THRESHOLDS)
    for second in range(10):
        assert watch(scene, 0.1, face(second), start=second) == []
        assert watch(scene, 0.7, start=second + 0.2) == []
    assert scene.view().people == ()


def test_each_person_has_a_belief_of_their_own() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 2, face(1), face(2, LEFT), expression(1, "happy"), expression(2, "sad"))
    front, other = scene.view().people
    assert (front.expression, front.place) == ("happy", "ahead")
    assert (other.expression, other.place, other.confidence) == ("sad", "left", Confidence.UNSURE)


def test_in_front_is_the_largest_and_most_central_who_is_no_picture() -> None:
    scene = Scene(THRESHOLDS)
    picture, nearer = face(3, MIDDLE, "picture"), face(4, Box(0.35, 0.35, 0.15, 0.2))
    watch(scene, 0.5, face(1, RIGHT), face(2, LEFT), picture, nearer)
    view = scene.view()
    assert view.people[0].box.left == 0.35
    assert view.pictures == 1
    assert len(view.people) == 3


def test_a_missed_face_keeps_its_belief_and_a_lost_one_leaves() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 2, face(1), expression(1, "happy"))
    assert watch(scene, 0.4, start=2.1) == []
    assert scene.view().people[0].expression == "happy"
    assert watch(scene, 0.5, start=2.6) == ["presence person>None"]
    assert scene.view().people == ()


def test_a_number_that_comes_back_is_the_same_person_with_the_same_beliefs() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 2, face(1), expression(1, "happy"))
    assert watch(scene, 1, start=2.1) == ["presence person>None"]
    assert watch(scene, 0, face(1), start=3.2) == ["presence None>person"]
    assert [(person.id, person.expression) for person in scene.view().people] == [(1, "happy")]


@pytest.mark.parametrize("gap", [0.6, 1.2, 2.0, 3.0, 4.9])
def test_a_time_without_frames_is_no_loss(gap: float) -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 2, face(1), expression(1, "happy"))
    assert watch(scene, 1, face(1), expression(1, "happy"), start=2 + gap) == []


def test_while_nobody_looks_for_faces_nobody_is_lost() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 2, face(1))
    for index in range(30):
        assert scene.believe([], 2.1 + index / 10, searched=False) == []
    assert not scene.view().searched


def test_the_newest_judgement_of_light_is_known_before_it_is_believed() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 4, Percept("light", None, "ok", 1.0))
    watch(scene, 0, Percept("light", None, "covered", 1.0), start=4.1)
    assert (scene.view().light, scene.view().newest_light) == ("ok", "covered")


@pytest.mark.parametrize("pause", [0.0, 1.5, 30.0])
def test_a_camera_that_warms_up_is_not_covered(pause: float) -> None:
    scene = Scene(THRESHOLDS)
    ok, black = Percept("light", None, "ok", 1.0), Percept("light", None, "covered", 1.0)
    begun = 0.0
    if pause:
        watch(scene, 4, ok)
        begun = 4.0 + pause
    assert watch(scene, 2, black, start=begun) == []
    assert scene.view().starting
    assert "covered" not in "".join(watch(scene, 4, ok, start=begun + 2.1))


def test_a_cap_from_the_beginning_on_is_told() -> None:
    assert watch(Scene(THRESHOLDS), 6, Percept("light", None, "covered", 1.0)) == ["light None>covered"]


def test_a_face_that_is_not_believed_yet_is_counted() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 0.1, face(1))
    assert (scene.view().people, scene.view().unsure) == ((), 1)
    watch(scene, 0, start=0.2)
    assert scene.view().unsure == 0


def test_light_settles_too() -> None:
    scene = Scene(THRESHOLDS)
    dark = Percept("light", None, "dark", 1.0)
    ok = Percept("light", None, "ok", 1.0)
    assert watch(scene, 2, ok) == ["light None>ok"]
    assert watch(scene, 0.3, dark, start=2.1) == []
    assert watch(scene, 3, dark, start=2.5) == ["light ok>dark"]
    assert scene.view().light == "dark"


def test_a_face_without_a_reading_has_nothing_to_tell() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 0.5, face(1))
    person = scene.view().people[0]
    assert (person.expression, person.confidence) == (None, Confidence.CANNOT_TELL)


def test_a_single_picture_settles_at_once() -> None:
    scene = Scene(THRESHOLDS, settle_s=0)
    scene.believe([face(1), expression(1, "happy")], 0.0)
    assert scene.view().people[0].confidence is Confidence.SURE


@pytest.mark.parametrize(
    ("covered", "told", "confidence"),
    [
        (0.05, "bare", Confidence.SURE),
        (0.45, "bare", Confidence.SURE),
        (0.6, "perhaps", Confidence.UNSURE),
        (0.95, "covered", Confidence.UNSURE),
    ],
)
def test_an_expression_of_a_covered_mouth_is_never_said_unhedged(
    covered: float, told: str, confidence: Confidence
) -> None:
    for settle_s in (0.0, 1.2):
        scene = Scene(THRESHOLDS, settle_s, covered=Thresholds(sure=0.8, unsure=0.5))
        watch(scene, 3, face(1), expression(1, "happy"), mouth(1, covered))
        person = scene.view().people[0]
        assert (person.mouth, person.expression, person.confidence) == (told, "happy", confidence)


@pytest.mark.parametrize("fps", [3, 10, 30])
def test_a_mask_is_believed_steadily_and_hedges_at_once(fps: float) -> None:
    scene = Scene(THRESHOLDS, covered=Thresholds(sure=0.8, unsure=0.5))
    watch(scene, 3, face(1), expression(1, "happy"), mouth(1, 0.02), fps=fps)
    assert watch(scene, 0.8, face(1), expression(1, "happy"), mouth(1, 0.98), start=3.2, fps=fps) == []
    person = scene.view().people[0]
    assert (person.mouth, person.confidence) == ("perhaps", Confidence.UNSURE)
    watch(scene, 2, face(1), expression(1, "happy"), mouth(1, 0.98), start=4.2, fps=fps)
    assert scene.view().people[0].mouth == "covered"
    watch(scene, 0.1, face(1), expression(1, "happy"), mouth(1, 0.3), start=6.4, fps=10)
    assert scene.view().people[0].confidence is Confidence.UNSURE


def test_of_a_mouth_of_which_nobody_tells_nothing_is_known() -> None:
    scene = Scene(THRESHOLDS, settle_s=0, covered=Thresholds(sure=0.8, unsure=0.5))
    scene.believe([face(1), expression(1, "happy")], 0.0)
    person = scene.view().people[0]
    assert (person.mouth, person.confidence) == (None, Confidence.SURE)


@pytest.mark.parametrize("fps", [3, 10, 30])
def test_facing_turns_in_seconds_and_not_with_a_glance(fps: float) -> None:
    scene = Scene(THRESHOLDS)
    assert watch(scene, 3, face(1), facing(1, "you"), fps=fps) == ["presence None>person"]
    assert scene.view().people[0].facing == "you"
    watch(scene, 0.3, face(1), facing(1, "left", 0.7), start=3.1, fps=fps)
    watch(scene, 1, face(1), facing(1, "you"), start=3.7, fps=fps)
    assert scene.view().people[0].facing == "you"
    watch(scene, 3, face(1), facing(1, "left"), start=4.8, fps=fps)
    assert scene.view().people[0].facing == "left"


def test_at_a_limit_facing_does_not_flicker() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 3, face(1), facing(1, "you"))
    seen = set()
    for index in range(60):
        value = ("you", 0.62) if index % 2 else ("right", 0.52)
        watch(scene, 0.0, face(1), facing(1, *value), start=3.1 + index / 10)
        seen.add(scene.view().people[0].facing)
    assert seen <= {"you", None}


def test_before_it_has_settled_facing_is_the_best_guess() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 0.4, face(1), facing(1, "right"))
    assert scene.view().people[0].facing == "right"


def test_what_is_even_faces_nowhere() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 3, face(1), facing(1, "you", 1 / 3))
    assert scene.view().people[0].facing is None
    watch(scene, 3, face(1), facing(1, "you"), start=3.1)
    assert scene.view().people[0].facing == "you"
    watch(scene, 3, face(1), facing(1, "you", 1 / 3), start=6.2)
    assert scene.view().people[0].facing is None


def test_a_single_picture_faces_at_once_and_each_person_for_themselves() -> None:
    scene = Scene(THRESHOLDS, settle_s=0)
    scene.believe([face(1), face(2, LEFT), facing(1, "you"), facing(2, "right")], 0.0)
    assert [person.facing for person in scene.view().people] == ["you", "right"]


def test_the_pose_is_that_of_the_newest_frame() -> None:
    scene = Scene(THRESHOLDS)
    watch(scene, 1, face(1), facing(1, "you", pose=Pose(0, 5, 0)))
    watch(scene, 0, face(1), facing(1, "you", pose=Pose(0, 9, 0)), start=1.1)
    assert scene.view().people[0].pose == Pose(0, 9, 0)
    watch(scene, 0, face(1), start=1.2)
    assert scene.view().people[0].pose is None


def test_places_and_distances_follow_the_lens() -> None:
    percepts = [face(1, Box(0.15, 0.4, 0.08, 0.1))]
    plain = Scene({}, settle_s=0)
    plain.believe(percepts, 0.0)
    wide = Scene({}, settle_s=0, field_of_view=100, clock=True)
    wide.believe(percepts, 0.0, aspect=16 / 9)
    (rough,), (exact,) = plain.view().people, wide.view().people
    assert (rough.place, rough.distance, rough.metres) == ("left", "far", None)
    assert (exact.place, exact.distance) == ("11 o'clock", "one_metre")
    assert exact.metres == pytest.approx(1.29, abs=0.01)


def test_perhaps_neutral_is_nothing_to_tell() -> None:
    scene = Scene({"neutral": Thresholds(sure=0.7, unsure=0.4)}, settle_s=0)
    scene.believe([face(1), expression(1, "neutral", 0.6)], 0.0)
    assert scene.view().people[0].confidence is Confidence.CANNOT_TELL
    scene.believe([face(1), expression(1, "neutral", 0.9)], 1.0)
    assert scene.view().people[0].confidence is Confidence.SURE
