"""The rules of the queue: who goes first, who makes room, who cuts whom."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import Announcement, Urgency, announce
from assistant.speech.waiting import MAX_ALERTS, MAX_AMBIENT, Item, Waiting, preempts

AMBIENT, ANSWER, ALERT = Urgency.AMBIENT, Urgency.ANSWER, Urgency.ALERT


def _item(message: str, urgency: Urgency = AMBIENT, topic: str = "") -> Item:
    return Item(announce(message, urgency=urgency, topic=topic))


def _order(waiting: Waiting) -> list[str]:
    taken = []
    while item := waiting.take():
        taken.append(item.announcement.message)
    return taken


def test_the_most_urgent_comes_first_and_of_these_the_oldest() -> None:
    waiting = Waiting()
    for item in (_item("a"), _item("b", ALERT), _item("c", ANSWER), _item("d"), _item("e", ALERT)):
        assert waiting.put(item) == []
    assert _order(waiting) == ["b", "e", "c", "a", "d"]


def test_a_topic_replaces_its_older_self_and_nothing_else() -> None:
    waiting = Waiting()
    old, other = _item("happy", topic="expression 1"), _item("sad", topic="expression 2")
    waiting.put(old)
    waiting.put(other)
    assert waiting.put(_item("neutral", topic="expression 1")) == [old]
    assert _order(waiting) == ["sad", "neutral"]


def test_an_alert_is_not_replaced_by_something_less_urgent() -> None:
    waiting = Waiting()
    waiting.put(_item("camera_lost", ALERT, "camera"))
    assert waiting.put(_item("camera_back", AMBIENT, "camera")) == []
    assert _order(waiting) == ["camera_lost", "camera_back"]


def test_an_alert_is_replaced_by_the_newer_alert_of_its_topic() -> None:
    waiting = Waiting()
    waiting.put(_item("camera_lost", ALERT, "camera"))
    waiting.put(_item("camera_back", ALERT, "camera"))
    assert _order(waiting) == ["camera_back"]


def test_no_topic_is_no_topic() -> None:
    waiting = Waiting()
    waiting.put(_item("a"))
    assert waiting.put(_item("b")) == []


def test_the_same_twice_is_said_once() -> None:
    waiting = Waiting()
    waiting.put(_item("fault", ALERT))
    waiting.put(_item("fault", ALERT))
    assert _order(waiting) == ["fault"]


def test_only_the_newest_answer_waits() -> None:
    waiting = Waiting()
    first = _item("nobody", ANSWER)
    waiting.put(first)
    assert waiting.put(_item("status", ANSWER)) == [first]
    assert _order(waiting) == ["status"]


def test_the_oldest_ambient_makes_room() -> None:
    waiting = Waiting()
    items = [_item(str(number)) for number in range(MAX_AMBIENT + 1)]
    dropped = [dropped for item in items for dropped in waiting.put(item)]
    assert dropped == items[:1]


def test_what_is_put_back_comes_first_unless_a_newer_self_waits() -> None:
    waiting = Waiting()
    waiting.put(_item("second", ALERT))
    waiting.put_back(_item("first", ALERT))
    waiting.put(_item("camera_back", ALERT, "camera"))
    waiting.put_back(_item("camera_lost", ALERT, "camera"))
    assert _order(waiting) == ["first", "second", "camera_back"]


def test_clearing_keeps_the_alerts() -> None:
    waiting = Waiting()
    for item in (_item("a"), _item("b", ANSWER), _item("c", ALERT)):
        waiting.put(item)
    assert [item.announcement.message for item in waiting.clear()] == ["a", "b"]
    assert _order(waiting) == ["c"]


@pytest.mark.parametrize(("new", "current"), list(product(Urgency, Urgency)))
def test_who_cuts_whom(new: Urgency, current: Urgency) -> None:
    expected = {(ANSWER, AMBIENT), (ANSWER, ANSWER), (ALERT, AMBIENT), (ALERT, ANSWER)}
    assert preempts(_item("new", new), _item("current", current)) == ((new, current) in expected)


announcements = st.builds(
    announce,
    st.sampled_from("abcdefgh"),
    urgency=st.sampled_from(Urgency),
    topic=st.sampled_from(["", "x", "y"]),
)


@given(st.lists(announcements, max_size=80))
def test_nothing_is_lost_unseen_and_nothing_piles_up(announcements: list[Announcement]) -> None:
    waiting, dropped = Waiting(), []
    for number, announcement in enumerate(announcements):
        dropped += waiting.put(Item(replace(announcement, subject=number)))
        assert len(waiting) <= MAX_AMBIENT + 1 + MAX_ALERTS
    taken = []
    while item := waiting.take():
        taken.append(item)
    assert sorted(item.announcement.subject or 0 for item in dropped + taken) == list(range(len(announcements)))
    assert [item.urgency for item in taken] == sorted((item.urgency for item in taken), reverse=True)
    topics = [(item.announcement.topic, item.urgency) for item in taken if item.announcement.topic]
    assert len(topics) == len(set(topics))


@given(st.lists(announcements, max_size=40))
def test_an_alert_makes_room_only_for_its_like(announcements: list[Announcement]) -> None:
    waiting = Waiting()
    for announcement in announcements:
        for item in waiting.put(Item(announcement)):
            if item.urgency is ALERT:
                assert announcement.urgency is ALERT
                same_topic = item.announcement.topic and item.announcement.topic == announcement.topic
                assert same_topic or item.announcement.message == announcement.message
