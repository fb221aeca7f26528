"""Guiding to a thing: words, beeps that quicken, and when it ends."""

from collections.abc import Iterable

from assistant.domain.seeking import Guide, not_found
from assistant.domain.things import Lens, Placed, placed
from assistant.domain.values import Announcement, Box, Cue, Thing, Thresholds

LIMITS = {"cup": Thresholds(0.5, 0.3), "bed": Thresholds(0.5, 0.3)}
LENS = Lens(60.0, clock=False)
STEP_S = 0.1


def cup(x: float, y: float = 0.5, size: float = 0.04, certainty: float = 0.9, label: str = "cup") -> list[Placed]:
    return [placed(Thing(label, certainty, Box(x - size / 2, y - size / 2, size, size)), LIMITS, LENS, 1.0)]


def guided(frames: Iterable[list[Placed]], label: str = "cup") -> tuple[Guide, list[tuple[float, Announcement | Cue]]]:
    guide, heard = Guide(label, LENS, not_found(label, None, "")), []
    for number, things in enumerate(frames):
        item = guide.see(number * STEP_S, things, 1.0)
        if item:
            heard.append((number * STEP_S, item))
        if guide.over:
            break
    return guide, heard


def messages(heard: list[tuple[float, Announcement | Cue]]) -> list[str]:
    return [item.message for _, item in heard if isinstance(item, Announcement)]


def beeps(heard: list[tuple[float, Announcement | Cue]]) -> list[tuple[float, float]]:
    return [(at, item.pan) for at, item in heard if isinstance(item, Cue)]


def test_nothing_after_a_full_look() -> None:
    guide, heard = guided([[]] * 100)
    assert (guide.over, messages(heard)) == (True, ["find_none"])
    assert 3.9 < heard[0][0] < 4.2


def test_something_else_is_not_it() -> None:
    assert messages(guided([cup(0.5, label="bed")] * 100)[1]) == ["find_none"]


def test_it_may_come_into_view_while_it_is_looked_for() -> None:
    _, heard = guided([[]] * 30 + [cup(0.2)] * 5)
    assert messages(heard) == ["find_at"]


def test_beeps_pan_with_it_and_quicken_towards_the_middle() -> None:
    _, edge = guided([cup(0.05)] * 60)
    _, middle = guided([cup(0.5)] * 60)
    assert all(pan < -0.5 for _, pan in beeps(edge))
    assert all(abs(pan) < 0.1 for _, pan in beeps(middle))
    assert len(beeps(middle)) > 3 * len(beeps(edge)) > 0


def test_it_ends_where_it_is_in_the_middle_and_within_reach() -> None:
    guide, heard = guided([cup(0.9)] * 10 + [cup(0.5, size=0.3)] * 10)
    assert guide.over
    assert messages(heard) == ["find_at", "find_at"]


def test_a_thing_of_no_typical_size_is_reached_where_it_fills_the_view() -> None:
    assert not guided([cup(0.5, size=0.2, label="bed")] * 10, "bed")[0].over
    assert guided([cup(0.5, size=0.5, label="bed")], "bed")[0].over


def test_words_come_when_its_place_has_changed_and_not_too_often() -> None:
    _, heard = guided([cup(0.1)] * 10 + [cup(0.5)] * 10 + [cup(0.9)] * 40)
    said = [at for at, item in heard if isinstance(item, Announcement)]
    assert len(said) == 2
    assert said[1] - said[0] >= 2.5


def test_a_faint_thing_is_followed_but_not_begun_with() -> None:
    assert messages(guided([cup(0.2, certainty=0.2)] * 60)[1]) == ["find_none"]
    _, heard = guided([cup(0.2)] + [cup(0.2, certainty=0.2)] * 60)
    assert messages(heard) == ["find_at"]


def test_doubt_is_heard() -> None:
    assert messages(guided([cup(0.2, certainty=0.4)])[1]) == ["find_perhaps"]


def test_a_blink_is_no_loss_and_three_seconds_are() -> None:
    assert not guided([cup(0.2)] + [[]] * 25 + [cup(0.2)] * 5)[0].over
    guide, heard = guided([cup(0.2)] + [[]] * 60)
    assert (guide.over, messages(heard)) == (True, ["find_at", "find_lost"])


def test_it_is_given_up_after_half_a_minute() -> None:
    guide, heard = guided([cup(0.2)] * 400)
    assert guide.over
    assert messages(heard)[-1] == "find_over"
    assert heard[-1][0] < 31


def test_where_it_was_seen_last() -> None:
    assert [phrase.message for phrase in not_found("cup", 2, "left")] == ["find_none", "find_seen"]
    assert [phrase.message for phrase in not_found("cup", 0, "left")] == ["find_none", "find_seen_just"]
