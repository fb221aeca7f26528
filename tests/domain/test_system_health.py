"""Low battery and heat are told once, and again only after a recovery."""

from assistant.domain.system_health import HealthMonitor, SystemHealth


def told(monitor: HealthMonitor, *healths: SystemHealth) -> list[str]:
    return [
        f"{item.message} {item.phrases[0].facts.get('percent', '')}".strip()
        for health in healths
        for item in monitor.notice(health)
    ]


def battery(*percents: int, charging: bool = False) -> list[SystemHealth]:
    return [SystemHealth(percent, charging, None) for percent in percents]


def test_a_falling_battery_is_told_at_each_limit() -> None:
    assert told(HealthMonitor(), *battery(60, 21, 20, 19, 18, 11, 10, 9, 5, 4)) == [
        "battery_low 20",
        "battery_low 10",
        "battery_low 5",
    ]


def test_a_battery_that_starts_low_is_told_once() -> None:
    assert told(HealthMonitor(), *battery(7, 7, 6)) == ["battery_low 7"]


def test_charging_is_silent_and_forgets() -> None:
    monitor = HealthMonitor()
    assert told(monitor, *battery(19), *battery(18, charging=True), *battery(17)) == [
        "battery_low 19",
        "battery_low 17",
    ]


def test_heat_is_told_once_until_it_has_cooled() -> None:
    healths = [SystemHealth(None, False, value) for value in (60.0, 81.0, 79.0, 82.0, 69.0, 80.0)]
    assert told(HealthMonitor(), *healths) == ["too_hot", "too_hot"]


def test_what_the_system_does_not_tell_is_nothing() -> None:
    assert told(HealthMonitor(), SystemHealth(None, False, None)) == []
