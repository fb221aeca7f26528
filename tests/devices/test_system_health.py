"""Battery and temperature as Linux writes them into /sys/class."""

from pathlib import Path

from assistant.devices.system_health import read_health
from assistant.domain.system_health import SystemHealth


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def test_a_laptop(tmp_path: Path) -> None:
    for name, values in {
        "AC": {"type": "Mains", "online": "0"},
        "BAT0": {"type": "Battery", "capacity": "42", "status": "Discharging"},
        "hid-mouse": {"type": "Battery", "scope": "Device", "capacity": "7", "status": "Discharging"},
    }.items():
        for file, text in values.items():
            write(tmp_path / "power_supply" / name / file, text)
    write(tmp_path / "thermal" / "thermal_zone0" / "temp", "48000")
    write(tmp_path / "thermal" / "thermal_zone1" / "temp", "61500")
    assert read_health(tmp_path) == SystemHealth(battery_percent=42, charging=False, temperature_c=61.5)


def test_a_machine_that_tells_nothing(tmp_path: Path) -> None:
    assert read_health(tmp_path) == SystemHealth(battery_percent=None, charging=False, temperature_c=None)


def test_damaged_values_are_unknown(tmp_path: Path) -> None:
    write(tmp_path / "power_supply" / "BAT0" / "type", "Battery")
    write(tmp_path / "power_supply" / "BAT0" / "capacity", "much")
    write(tmp_path / "thermal" / "thermal_zone0" / "temp", "")
    assert read_health(tmp_path) == SystemHealth(battery_percent=None, charging=False, temperature_c=None)


def test_this_machine_can_be_asked() -> None:
    assert isinstance(read_health(), SystemHealth)
