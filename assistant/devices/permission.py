"""What to do when this user may not open a device."""

import grp
import os
from pathlib import Path


def remedy(device: Path) -> str:
    """One sentence saying how this user comes to be allowed to open a device that exists."""
    try:
        group = grp.getgrgid(device.stat().st_gid).gr_name
    except (KeyError, OSError):  # A group without a name, or a device that is gone again.
        return f"Let user {os.geteuid()} read and write {device}."
    return f'Join its group with: sudo usermod -aG {group} "$USER"; then log in again.'
