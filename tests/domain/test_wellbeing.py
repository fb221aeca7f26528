"""Low battery and heat are told once, and again only after a recovery."""

from assistant.domain.wellbeing import Condition, Wellbeing


def told(wellbeing: Wellbeing, *conditions: Condition) -> list[str]:
    return [
        f"{item.message} {item.phrases[0].facts.get('percent', '')}".strip()
        for condition in conditions
        for item in wellbeing.notice(condition)
    ]


def battery(*percents: int, charging: bool = False) -> list[Condition]:
    return [Condition(percent, charging, None) for percent in percents]


def test_a_falling_battery_is_told_at_each_limit() -> None:
    assert told(Wellbeing(), *battery(60, 21, 20, 19, 18, 11, 10, 9, 5, 4)) == [
        "battery_low 20",
        "battery_low 10",
        "battery_low 5",
    ]


def test_a_battery_that_starts_low_is_told_once() -> None:
    assert told(Wellbeing(), *battery(7, 7, 6)) == ["battery_low 7"]


def test_charging_is_silent_and_forgets() -> None:
    wellbeing = Wellbeing()
    assert told(wellbeing, *battery(19), *battery(18, charging=True), *battery(17)) == [
        "battery_low 19",
        "battery_low 17",
    ]


def test_heat_is_told_once_until_it_has_cooled() -> None:
    conditions = [Condition(None, False, value) for value in (60.0, 81.0, 79.0, 82.0, 69.0, 80.0)]
    assert told(Wellbeing(), *conditions) == ["too_hot", "too_hot"]


def test_what_the_system_does_not_tell_is_nothing() -> None:
    assert told(Wellbeing(), Condition(None, False, None)) == []
