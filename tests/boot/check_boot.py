"""The service, booted for real and heard: `make test-boot`. The checks follow one another on one machine.

Not called test_*.py, so that `make test` leaves it alone: it needs root, a mirror of Debian and minutes.
"""

import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.boot.machine import HANG_S, READY, Machine, hear

if TYPE_CHECKING:
    from tests.boot.ear import Ear

pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("booted")]

QUIET_S = 4.0
"""Longer than the pauses between what is told of a person who came into view (seconds)."""
GIVEN_UP = ("the assistant failed too often and was given up", "it needs help")
FAILED_BEFORE = "i failed and have been started again"
HAPPY = ("the person in front of you looks happy", "the person in front of you may be happy i am not sure")
DISCLOSED = ("this is an assistant for a person who cannot see",)
CONFIG = "etc/assistant/config.yaml"
SECRETS = ("happy", "happi", "in front of you", "sad", "angry", "surprise")
"""What must not be in the journal: expressions and words of sentences."""


def restarts(machine: Machine) -> int:
    shown = machine.run("systemctl", "show", "--property", "NRestarts", "--value", "assistant.service")
    return int(shown.stdout)


def test_it_runs_confined_as_its_own_user(machine: Machine) -> None:
    pid = machine.main_pid()
    status = machine.run("cat", f"/proc/{pid}/status").stdout
    account = machine.run("id", "-u", "assistant").stdout.strip()
    assert re.search(rf"^Uid:\s+{account}\s", status, re.MULTILINE)
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)
    limits = machine.run("cat", f"/proc/{pid}/limits").stdout
    assert re.search(r"^Max core file size\s+0\s+0\s", limits, re.MULTILINE)


def test_systemd_finds_little_exposed_and_nothing_wrong(machine: Machine) -> None:
    done = machine.run("systemd-analyze", "security", "--no-pager", "assistant.service")
    level = re.search(r"exposure level for assistant.service: ([\d.]+)", done.stdout)
    assert level
    print(f"\nExposure: {level[1]}.")
    assert float(level[1]) <= 1.0
    units = [f"/etc/systemd/system/{name}.service" for name in ("assistant", "assistant-failed")]
    done = machine.run("systemd-analyze", "verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_answers_through_the_socket_from_outside(machine: Machine, sound: "Ear") -> None:
    asked = sound.now
    reply = machine.ask("now")
    assert reply["ok"]
    hear(machine, sound, HAPPY, asked)


def test_its_own_words_about_itself(machine: Machine) -> None:
    done = machine.run("assistant", "service", "status")
    assert done.returncode == 0, done.stderr
    assert "active (running)" in done.stdout
    assert "It starts on boot." in done.stdout
    done = machine.run("assistant", "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert machine.run("assistant", "service", "logs").stdout.count("assistant") > 3
    done = machine.run("runuser", "-u", "nobody", "--", "assistant", "service", "install")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Only root" in done.stderr


def test_installing_again_changes_nothing(machine: Machine) -> None:
    before = machine.main_pid()
    dry = machine.run("assistant", "service", "install", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert machine.main_pid() == before
    done = machine.run("assistant", "service", "install")
    assert done.returncode == 0, done.stderr
    assert "Kept: /etc/assistant/config.yaml." in done.stdout
    assert "It is ready." in done.stdout
    assert "portrait" in (machine.root / CONFIG).read_text()


def test_killed_it_comes_back_and_says_so(machine: Machine, sound: "Ear") -> None:
    killed = sound.now
    machine.run("systemctl", "kill", "--signal=KILL", "assistant.service")
    hear(machine, sound, [FAILED_BEFORE], killed)
    machine.wait_until_active(HANG_S)
    assert restarts(machine) == 1


def test_a_sense_that_hangs_is_noticed_by_the_watchdog(machine: Machine, sound: "Ear") -> None:
    hung = sound.now
    before = restarts(machine)
    (machine.root / "var/lib/assistant/hang").touch()
    (machine.root / "var/lib/assistant/hang").chmod(0o666)
    hear(machine, sound, [FAILED_BEFORE], hung)
    machine.wait_until_active(HANG_S)
    assert restarts(machine) == before + 1
    assert "Watchdog timeout" in machine.journal()


def test_new_settings_are_taken_without_a_restart(machine: Machine, sound: "Ear") -> None:
    config = machine.root / CONFIG
    sound.wait_for_quiet(QUIET_S)
    pid, saved = machine.main_pid(), sound.now
    config.write_text(config.read_text() + "verbosity: detailed\n")
    hear(machine, sound, ["new settings taken"], saved)
    time.sleep(15)  # longer than systemd waits for a service that says it is stopping
    assert machine.main_pid() == pid
    machine.wait_until_active(HANG_S)


def test_a_mistake_in_saved_settings_is_told_with_its_line(machine: Machine, sound: "Ear") -> None:
    config = machine.root / CONFIG
    good, pid, saved = config.read_text(), machine.main_pid(), sound.now
    config.write_text(good + "volume: loud\n")
    hear(machine, sound, ["the settings have a mistake in line seven"], saved)
    assert machine.main_pid() == pid
    config.write_text(good)


def test_a_mistake_in_the_settings_at_the_start_is_told_with_its_line(machine: Machine, sound: "Ear") -> None:
    config = machine.root / CONFIG
    good, started = config.read_text(), sound.now
    config.write_text("language: en\nverbosity: loud\n")
    machine.run("systemctl", "restart", "assistant.service")
    hear(machine, sound, ["the settings have a mistake in line two"], started)
    machine.wait_until_active(HANG_S)
    assert machine.ask("status")["camera"] == "ok"  # the portrait, as with the last settings that could be used
    sound.wait_for_quiet(QUIET_S)
    mended = sound.now
    config.write_text(good)
    hear(machine, sound, ["new settings taken"], mended)


def test_when_it_fails_for_good_that_is_said(machine: Machine, sound: "Ear") -> None:
    model, limit = "var/lib/assistant/models/expression", "etc/systemd/system/assistant.service.d/limit.conf"
    broke = sound.now
    (machine.root / limit).parent.mkdir()
    (machine.root / limit).write_text("[Unit]\nStartLimitBurst=3\n")
    (machine.root / model).mkdir(parents=True)
    (machine.root / model / "expression.tflite").write_text("no network, whatever the settings say")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "assistant.service")
    sound.wait_for(GIVEN_UP, broke, HANG_S)
    machine.run("rm", "-r", f"/{limit}", f"/{model}")
    done = machine.run("assistant", "service", "install")  # repairs, also after too many failures
    assert done.returncode == 0, done.stderr


def test_a_power_cut_in_the_middle_of_a_sentence_loses_nothing(machine: Machine, sound: "Ear") -> None:
    state = machine.root / "var/lib/assistant"
    (state / "kept").write_text("people")
    config = (machine.root / CONFIG).read_text()
    asked = sound.now
    machine.ask("disclose")
    while not sound.first_sound(asked):
        time.sleep(0.05)
    time.sleep(0.5)
    machine.pull_the_plug()
    began = sound.now
    machine.boot()
    hear(machine, sound, [READY], began)  # not "I failed": the power did
    machine.wait_until_active(HANG_S)
    assert (machine.root / CONFIG).read_text() == config
    assert (state / "kept").read_text() == "people"


def test_an_upgrade_keeps_settings_and_state(machine: Machine, sound: "Ear") -> None:
    config = (machine.root / CONFIG).read_text()
    (wheel,) = (machine.root / "root").glob("assistant-*.whl")
    (plugin,) = (machine.root / "root").glob("boot_parts-*.whl")
    (machine.root / CONFIG).write_text(
        "triggers: socket\ntour: false\n"
    )  # the plugin is not there right after an upgrade
    done = machine.run("assistant", "service", "upgrade", "--from", f"/root/{wheel.name}")
    assert done.returncode == 0, done.stderr
    assert machine.run("readlink", "/opt/assistant/current").stdout == "/opt/assistant/venv-2\n"
    assert not (machine.root / "opt/assistant/venv-1").exists()
    assert (machine.root / "var/lib/assistant/kept").exists()
    pip = "/opt/assistant/current/bin/pip"
    assert machine.run(pip, "install", "--quiet", "--no-index", f"/root/{plugin.name}").returncode == 0
    (machine.root / CONFIG).write_text(config)


def test_a_version_that_does_not_start_is_taken_back(machine: Machine, sound: "Ear") -> None:
    current = machine.run("readlink", "/opt/assistant/current").stdout
    done = machine.run("assistant", "service", "upgrade", "--from", f"/root/broken/{broken(machine).name}")
    assert done.returncode == 1
    assert "The old one runs again." in done.stderr
    assert machine.run("readlink", "/opt/assistant/current").stdout == current
    machine.wait_until_active(HANG_S)
    asked = sound.now
    assert machine.ask("disclose")["ok"]
    hear(machine, sound, DISCLOSED, asked)


def broken(machine: Machine) -> Path:
    """A copy of the wheel of which only the verb `run` does not work."""
    (wheel,) = (machine.root / "root").glob("assistant-*.whl")
    copy = machine.root / "root" / "broken" / wheel.name
    copy.parent.mkdir()
    with zipfile.ZipFile(wheel) as good, zipfile.ZipFile(copy, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, "raise SystemExit(1)" if name == "assistant/cli/run.py" else good.read(name))
    return copy


def test_one_user_installs_it_without_root(machine: Machine, sound: "Ear") -> None:
    home, began = machine.root / "home/someone", sound.now
    (wheel,) = (machine.root / "root").glob("assistant-*.whl")
    shutil.copy(wheel, home)
    (home / ".config/assistant").mkdir(parents=True)
    shutil.copy(machine.root / "etc/assistant/environment", home / ".config/assistant")
    (home / ".config/assistant/config.yaml").write_text("tour: false\n")
    machine.run("chown", "--recursive", "someone:", "/home/someone")
    machine.run("loginctl", "enable-linger", "someone")
    machine.run("systemctl", "stop", "assistant.service")
    done = as_someone(
        machine, "assistant", "service", "install", "--user", "--lite", "--from", f"/home/someone/{wheel.name}"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sound.wait_for([READY], began, HANG_S)
    assert as_someone(machine, "assistant", "service", "status", "--user").returncode == 0
    assert "ready" in as_someone(machine, "assistant", "service", "logs", "--user").stdout
    done = as_someone(machine, "assistant", "service", "uninstall", "--user", "--purge")
    assert done.returncode == 0, done.stderr
    for folder in (".local/share", ".config", ".local/bin"):
        assert "assistant" not in [path.name for path in (home / folder).iterdir()]
    machine.run("systemctl", "start", "assistant.service")


def as_someone(machine: Machine, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as an ordinary user."""
    own = ("env", "HOME=/home/someone", "XDG_RUNTIME_DIR=/run/user/1000")
    return machine.run("runuser", "-u", "someone", "--", *own, *command)


def test_the_journal_holds_nothing_that_was_seen_or_said(machine: Machine) -> None:
    journal = "\n".join(line for line in machine.journal().splitlines() if " python[" in line or " assistant" in line)
    assert "expression_sure" in journal or "expression_unsure" in journal
    for secret in SECRETS:
        assert secret not in journal


def test_uninstalled_nothing_is_left_but_settings_and_state(machine: Machine) -> None:
    done = machine.run("assistant", "service", "uninstall")
    assert done.returncode == 0, done.stderr
    for path in ("opt/assistant", "usr/local/bin/assistant", "etc/systemd/system/assistant.service"):
        assert not (machine.root / path).exists()
    assert (machine.root / CONFIG).exists()
    assert (machine.root / "var/lib/assistant/kept").exists()
    done = machine.run("/root/start/bin/assistant", "service", "uninstall", "--purge")
    assert done.returncode == 0, done.stderr
    assert not (machine.root / "etc/assistant").exists()
    assert not (machine.root / "var/lib/assistant").exists()
    assert machine.run("id", "assistant").returncode != 0
