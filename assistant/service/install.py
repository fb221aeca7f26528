"""Installs, upgrades and removes the service. Each act can be repeated: what is there already is left as it is."""

import os
import pwd
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assistant import weights
from assistant.errors import AssistantError, ModelError
from assistant.service import extras, program, system_user, unit
from assistant.service.places import FAILED_UNIT, UNIT, Places
from assistant.service.steps import Steps, run
from assistant.weights import data_folder

BOOTED = Path("/run/systemd/system")
"""There when systemd runs this machine (sd_booted(3))."""

LINGERING = Path("/var/lib/systemd/linger")
"""Where systemd notes the users whose services run without a login."""


def install(
    places: Places,
    origin: Path | None,
    wheels: Path | None,
    network_camera: bool,
    lite: bool,
    steps: Steps,
    aloud: Callable[[str], None],
) -> None:
    """Installs the service and starts it; on a system that is being built it starts with the first boot.

    Args:
        places: Where.
        origin: A wheel, an archive or a checkout; None for that which this program runs from.
        wheels: A folder with every wheel that is needed; None to ask pip's index.
        network_camera: Whether it may reach a camera over the network.
        lite: Whether what answers questions about text and things is left out.
        steps: Carries it out.
        aloud: Is given one sentence to say, where sound works.

    Raises:
        AssistantError: a step failed; what was done stays, and the next try goes on from there.
    """
    _may_change(places)
    program.refuse_hidden_python(places)
    if not places.user:
        system_user.make(places, steps)
    if there := program.version(places):
        steps.say(f'There already: {there} in {places.current}. "assistant service upgrade" replaces it.')
        if missing := [] if lite else [part for part in extras.ANSWERS if part not in extras.installed(places)]:
            program.add(places, wheels, missing, steps)
    else:
        folder = program.build(places, program.source(origin), wheels, extras.wanted(lite), steps)
        steps.link("Turning to it", places.current, folder)
    steps.link("Making the command assistant", places.command, places.current / "bin" / "assistant")
    _settings(places, steps)
    _models(places, steps)
    _units(places, network_camera, steps)
    if not steps.dry_run:
        aloud("The assistant is installed. It starts now, and with the machine.")
    _start(places, steps)


def upgrade(places: Places, origin: Path | None, wheels: Path | None, steps: Steps) -> None:
    """Puts another version in place of the installed one; settings, models and people stay.

    Args:
        places: Where.
        origin: As for `install`.
        wheels: As for `install`.
        steps: Carries it out.

    Raises:
        AssistantError: a step failed, or the new version does not start; the old one runs then.
    """
    _may_change(places)
    if not places.current.is_symlink():
        raise AssistantError("The service is not installed here.", 'Install it with "assistant service install".')
    program.refuse_hidden_python(places)
    before = places.current.readlink()
    folder = program.build(places, program.source(origin), wheels, extras.kept(places), steps)
    steps.link("Turning to it", places.current, folder)
    _models(places, steps)
    _units(places, _reaches_network(places), steps)
    try:
        _start(places, steps)
    except AssistantError as error:
        steps.link("Turning back", places.current, before)
        _start(places, steps)
        told = "The new version does not start. The old one runs again."
        raise AssistantError(told, f"The reason is in: {_logs(places)}") from error
    for old in program.outdated(places, folder):
        steps.remove(old)


def uninstall(places: Places, purge: bool, steps: Steps) -> None:
    """Stops the service and removes it.

    Args:
        places: Where it is.
        purge: Whether settings, models, people and the system user go as well.
        steps: Carries it out.

    Raises:
        AssistantError: a step failed.
    """
    _may_change(places)
    if (places.units / UNIT).exists():
        now = ["--now"] if BOOTED.exists() else []
        steps.command("Stopping the service.", *places.systemctl, "disable", *now, UNIT)
    for path in (places.units / UNIT, places.units / FAILED_UNIT):
        steps.remove(path)
    _reload(places, steps)
    if places.command.is_symlink() and places.command.readlink().is_relative_to(places.program):
        steps.remove(places.command)
    steps.remove(places.program)
    if not purge:
        steps.say(f"Kept: {places.config.parent} and {places.state}.")
        return
    steps.remove(places.config.parent)
    steps.remove(places.state)
    if places.user:
        steps.remove(places.program.parent)  # with the user's models
    else:
        steps.remove(places.models.parent)
        system_user.remove(steps)


def _may_change(places: Places) -> None:
    if not places.user and os.geteuid() != 0:
        raise AssistantError(
            "Only root may change services of the whole machine.",
            f"Put sudo before it: sudo {Path(sys.argv[0]).absolute()} service ...; or add --user for yourself alone.",
        )


def _settings(places: Places, steps: Steps) -> None:
    """The commented settings that came with the program, unless there are some."""
    if places.config.exists():
        steps.say(f"Kept: {places.config}.")
        return
    packaged = data_folder("models").parent / "config.yaml"
    steps.write("Writing the settings", places.config, packaged.read_text(encoding="utf-8"))


def _models(places: Places, steps: Steps) -> None:
    """Weights that an earlier version kept where the service may write are put where only root may."""
    if places.user:
        return
    for name in weights.names():
        file = weights.manifest(name).file.name
        former = weights.FORMER / name / file
        if not former.is_file() or (places.models / name / file).exists():
            continue
        steps.say(f"Putting the weights of {name} where only root may write: {places.models}.")
        if not steps.dry_run:
            try:
                weights.install(name, former, places.models)
            except ModelError as error:
                steps.say(f"Not done: {error}")


def _units(places: Places, network_camera: bool, steps: Steps) -> None:
    steps.write("Writing the unit", places.units / UNIT, unit.service(places, network_camera, extras.installed(places)))
    steps.write("Writing the unit", places.units / FAILED_UNIT, unit.failed(places))


def _reaches_network(places: Places) -> bool:
    """Whether the installed unit was made for a camera on the network."""
    path = places.units / UNIT
    return path.exists() and "AF_INET" in path.read_text(encoding="utf-8")


def _start(places: Places, steps: Steps) -> None:
    """Enables the service, and starts it afresh where systemd runs; waits until it says that it is ready."""
    _reload(places, steps)
    steps.command("Enabling it, so that it starts on boot.", *places.systemctl, "enable", "--quiet", UNIT)
    if places.user:
        _linger(steps)
    if not BOOTED.exists():
        steps.say("systemd does not run here: it starts with the next boot.")
        return
    with suppress(AssistantError):  # It is not known to systemd yet, so it has not failed too often.
        steps.command("Forgetting old failures.", *places.systemctl, "reset-failed", UNIT)
    try:
        steps.command("Starting it.", *places.systemctl, "restart", UNIT)
    except AssistantError as error:
        raise AssistantError("The service does not start.", f"The reason is in: {_logs(places)}") from error
    steps.say("It is ready." if not steps.dry_run else "Nothing was changed.")


def _logs(places: Places) -> str:
    return f"assistant service logs{' --user' if places.user else ''}"


def _reload(places: Places, steps: Steps) -> None:
    if BOOTED.exists():
        steps.command("Telling systemd.", *places.systemctl, "daemon-reload")


def _linger(steps: Steps) -> None:
    """Lets the user's services run from boot on, not only while they are logged in."""
    name = pwd.getpwuid(os.geteuid()).pw_name
    if (LINGERING / name).exists():
        return
    try:
        steps.command("Letting it run without a login.", "loginctl", "enable-linger", name)
    except AssistantError as error:
        steps.say(f"{error}. It runs while you are logged in. To change that: sudo loginctl enable-linger {name}")


def state(places: Places) -> tuple[bool, list[str]]:
    """Whether the service is running, and the lines that tell how it does.

    Raises:
        AssistantError: systemd cannot be asked.
    """
    names = "LoadState,ActiveState,SubState,UnitFileState,ActiveEnterTimestamp,NRestarts,Result"
    shown = run(*places.systemctl, "show", "--property", names, UNIT)
    told = dict(line.partition("=")[::2] for line in shown.splitlines())
    if told["LoadState"] != "loaded":
        return False, ["The service is not installed."]
    active = told["ActiveState"] == "active"
    since = f" since {told['ActiveEnterTimestamp']}" if active else f", result {told['Result']}"
    enabled = told["UnitFileState"] == "enabled"
    return active, [
        f"The service is {told['ActiveState']} ({told['SubState']}){since}.",
        "It starts on boot." if enabled else "It does not start on boot.",
        f"Restarted after a failure: {told['NRestarts']} times.",
        f"Program: {program.version(places) or 'missing'} in {places.current}.",
        f"Settings: {places.config}.",
    ]
