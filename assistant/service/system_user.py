"""The system user that the service runs as, with the groups that own the devices it needs."""

import grp
import pwd
from contextlib import suppress

from assistant.service.places import SYSTEM_USER, Places
from assistant.service.steps import Steps

GROUPS = ("video", "audio", "input", "gpio")
"""Groups that own cameras, sound, keys and pins; not every system has all of them."""


def make(places: Places, steps: Steps) -> None:
    """Makes the user, without a login, and puts it into the groups that exist.

    Raises:
        AssistantError: it cannot be made.
    """
    if _exists():
        steps.say(f"There already: the user {SYSTEM_USER}.")
    else:
        options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        steps.command(f"Making the user {SYSTEM_USER}.", "useradd", *options, "--home-dir", places.state, SYSTEM_USER)
    missing = _missing_groups()
    if missing:
        steps.command(f"Adding it to: {', '.join(missing)}.", "usermod", "-aG", ",".join(missing), SYSTEM_USER)


def remove(steps: Steps) -> None:
    """Removes the user, if there is one.

    Raises:
        AssistantError: it cannot be removed.
    """
    if _exists():
        steps.command(f"Removing the user {SYSTEM_USER}.", "userdel", SYSTEM_USER)


def _exists() -> bool:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return False
    return True


def _missing_groups() -> list[str]:
    missing = []
    for group in GROUPS:
        with suppress(KeyError):  # This system has no such group.
            if SYSTEM_USER not in grp.getgrnam(group).gr_mem:
                missing.append(group)
    return missing
