"""How the computer itself is: battery and temperature, where the system tells them (Linux, /sys/class).

https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-power
https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-thermal
"""

from pathlib import Path

from assistant.domain.system_health import SystemHealth

SYSTEM = Path("/sys/class")


def read_health(system: Path = SYSTEM) -> SystemHealth:
    """Reads it anew; what the system does not tell is None.

    Args:
        system: The folder that holds power_supply/ and thermal/.
    """
    battery = next((folder for folder in sorted(system.glob("power_supply/*")) if _is_battery(folder)), None)
    temperatures = [_number(path) for path in sorted(system.glob("thermal/thermal_zone*/temp"))]
    known = [value / 1000 for value in temperatures if value is not None]
    percent = _number(battery / "capacity") if battery else None
    return SystemHealth(
        battery_percent=None if percent is None else round(percent),
        charging=battery is not None and _text(battery / "status") in ("Charging", "Full", "Not charging"),
        temperature_c=max(known) if known else None,
    )


def _is_battery(folder: Path) -> bool:
    """A battery of the machine and not one of its mice."""
    return _text(folder / "type") == "Battery" and _text(folder / "scope") != "Device"


def _number(path: Path) -> float | None:
    try:
        return float(_text(path))
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
