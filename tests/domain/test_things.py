"""Things in words: where, how far, which first, how many."""

from math import radians, tan

import pytest

from assistant.domain.things import Lens, Placed, cut, distance, placed, told, without_faces
from assistant.domain.values import Box, Confidence, Counted, Listing, Phrase, Thing, Thresholds, Word

SQUARE = 1.0
LIMITS = {label: Thresholds(0.5, 0.3) for label in ("cup", "chair", "car", "dog", "person", "couch", "book", "bed")}
SIDES = Lens(60.0, clock=False)


def thing(label: str, left: float, top: float, size: float, certainty: float = 0.9) -> Thing:
    return Thing(label, certainty, Box(left, top, size, size))


def at(each: Thing, lens: Lens = SIDES) -> Placed:
    return placed(each, LIMITS, lens, SQUARE)


def sized(metres: float, away: float, field_of_view: float = 60.0) -> float:
    """Part of the frame's width that something of a size covers at a distance, in the middle."""
    return metres / away / (2 * tan(radians(field_of_view) / 2))


@pytest.mark.parametrize(
    ("away", "word"), [(0.5, "within_reach"), (0.79, "within_reach"), (0.9, "near"), (2.4, "near"), (2.6, "far")]
)
def test_a_cup_of_nine_centimetres_is_as_far_as_it_seems(away: float, word: str) -> None:
    size = sized(0.09, away)
    assert distance(thing("cup", 0.5 - size / 2, 0.5 - size / 2, size), 60.0, SQUARE) == word


def test_without_a_field_of_view_reach_is_promised_only_where_any_webcam_would_agree() -> None:
    near = thing("cup", 0.4, 0.4, sized(0.09, 0.5))
    nearly = thing("cup", 0.4, 0.4, sized(0.09, 0.7))
    assert distance(near, None, SQUARE) == "within_reach"
    assert (distance(nearly, 60.0, SQUARE), distance(nearly, None, SQUARE)) == ("within_reach", "near")


def test_what_has_no_typical_size_has_no_distance() -> None:
    assert distance(thing("dog", 0.3, 0.3, 0.3), 60.0, SQUARE) is None


def test_what_is_cut_by_the_edge_is_never_called_far() -> None:
    size = sized(0.65, 5.0)
    assert distance(thing("chair", 0.4, 0.4, size), 60.0, SQUARE) == "far"
    assert cut(Box(0.4, 1 - size, size, size))
    assert distance(thing("chair", 0.4, 1 - size, size), 60.0, SQUARE) is None


def test_height_is_told_well_above_and_below_the_middle() -> None:
    assert [at(thing("cup", 0.45, top, 0.1)).height for top in (0.0, 0.45, 0.9)] == ["high", None, "low"]


def test_hours_where_they_are_wanted() -> None:
    assert at(thing("cup", 0.9, 0.45, 0.1)).place == "right"
    assert at(thing("cup", 0.9, 0.45, 0.1), Lens(60.0, clock=True)).place == "1 o'clock"


def test_things_of_one_kind_at_one_place_are_counted() -> None:
    phrases, kept = told(
        [at(thing("chair", 0.05, 0.5, 0.2)), at(thing("chair", 0.02, 0.4, 0.1)), at(thing("bed", 0.4, 0.4, 0.2))]
    )
    assert (
        Phrase(
            "things_at",
            {
                "thing": Counted(2, "thing", "chair"),
                "details": Listing((Word("place", "left"), Word("reach", "far")), "comma"),
            },
        )
        in phrases
    )
    assert (len(phrases), len(kept)) == (2, 3)


def test_danger_comes_first_then_what_is_near_then_what_is_large() -> None:
    every = [
        at(thing("book", 0.1, 0.1, sized(0.18, 5.0))),
        at(thing("bed", 0.3, 0.3, 0.3)),
        at(thing("cup", 0.4, 0.4, sized(0.09, 0.5))),
        at(thing("dog", 0.3, 0.3, 0.4)),
        at(thing("car", 0.4, 0.4, sized(2.4, 2.0) / 1.0)),
    ]
    _, kept = told(every)
    assert [each.thing.label for each in kept] == ["car", "cup", "dog", "bed", "book"]


def test_never_more_than_five_and_nothing_that_cannot_be_told() -> None:
    labels = ["cup", "chair", "car", "dog", "person", "couch", "book", "bed"]
    phrases, _ = told([at(thing(label, 0.4, 0.4, 0.2)) for label in labels])
    assert len(phrases) == 5
    assert told([at(thing("cup", 0.4, 0.4, 0.2, 0.2)), at(thing("kite", 0.4, 0.4, 0.2))]) == ([], [])


def test_doubt_is_told_last_and_not_beside_what_is_sure() -> None:
    perhaps, sure = at(thing("cup", 0.4, 0.4, 0.2, 0.4)), at(thing("bed", 0.4, 0.4, 0.1))
    phrases, _ = told([perhaps, sure, at(thing("bed", 0.4, 0.4, 0.2, 0.4))])
    assert [phrase.message for phrase in phrases] == ["things_at", "things_perhaps_at"]
    assert phrases[0].facts["thing"] == Counted(1, "thing", "bed")


def test_a_danger_in_doubt_comes_first_all_the_same() -> None:
    phrases, _ = told([at(thing("bed", 0.4, 0.4, 0.1)), at(thing("car", 0.05, 0.05, 0.9, 0.4))])
    assert [phrase.message for phrase in phrases] == ["things_perhaps_at", "things_at"]


def test_somebody_whose_face_is_known_is_not_counted_again_and_a_back_is_told() -> None:
    front, back = at(thing("person", 0.1, 0.1, 0.4)), at(thing("person", 0.6, 0.1, 0.3))
    dog = at(thing("dog", 0.1, 0.1, 0.4))
    kept = without_faces([front, back, dog], [Box(0.25, 0.15, 0.1, 0.1)])
    assert front not in kept
    assert {back.thing, dog.thing} == {each.thing for each in kept}


def test_one_face_takes_one_person_the_smallest_that_holds_it() -> None:
    near, far = at(thing("person", 0.0, 0.0, 0.9)), at(thing("person", 0.3, 0.3, 0.2))
    assert without_faces([near, far], [Box(0.35, 0.32, 0.05, 0.05)]) == [near]


def test_confidence_follows_the_thresholds() -> None:
    said = [at(thing("cup", 0.4, 0.4, 0.1, certainty)).confidence for certainty in (0.29, 0.3, 0.5)]
    assert said == [Confidence.CANNOT_TELL, Confidence.UNSURE, Confidence.SURE]
