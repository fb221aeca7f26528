"""The unit files, judged by systemd's own tools."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.service import unit
from assistant.service.extras import ANSWERS, installed
from assistant.service.places import FAILED_UNIT, SYSTEM, UNIT, Places, own

ANALYSE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYSE is None, reason="systemd-analyze is not installed")


@pytest.fixture(params=["system", "user"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """An installation of which the program exists, because systemd-analyze looks for it."""
    made = replace(SYSTEM if request.param == "system" else own(), program=tmp_path / "opt")
    python = made.current / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    return made


def written(folder: Path, places: Places, network_camera: bool = False) -> Path:
    (folder / FAILED_UNIT).write_text(unit.failed(places))
    (folder / UNIT).write_text(unit.service(places, network_camera, tuple(ANSWERS)))
    return folder / UNIT


def analyse(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    assert ANALYSE
    return subprocess.run(
        [ANALYSE, "--no-pager", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )


@needs_systemd
@pytest.mark.parametrize("network_camera", [False, True])
def test_systemd_has_nothing_to_say_about_them(places: Places, network_camera: bool, tmp_path: Path) -> None:
    path = written(tmp_path, places, network_camera)
    for file in (path, tmp_path / FAILED_UNIT):
        done = analyse("--user" if places.user else "--system", "verify", "--man=no", file)
        ours = [line for line in done.stderr.splitlines() if "assistant" in line]
        assert (done.returncode, ours, done.stdout) == (0, [], "")


@needs_systemd
@pytest.mark.parametrize(("network_camera", "most"), [(False, 0.5), (True, 1.5)])
def test_little_is_exposed(network_camera: bool, most: float, tmp_path: Path) -> None:
    path = written(tmp_path, SYSTEM, network_camera)
    for file in (path, tmp_path / FAILED_UNIT):
        done = analyse("security", "--offline=yes", file)
        level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        assert level, done.stderr
        assert float(level[1]) <= most


def test_only_a_network_camera_opens_the_network(places: Places) -> None:
    offline, online = (
        unit.service(places, network_camera=False, parts=()),
        unit.service(places, network_camera=True, parts=()),
    )
    assert "RestrictAddressFamilies=AF_UNIX\n" in offline
    assert "AF_INET" not in offline
    assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" in online
    assert "AF_INET" not in unit.failed(places)


def test_nothing_seen_ends_up_in_a_core_dump(places: Places) -> None:
    assert "LimitCORE=0\n" in unit.service(places, network_camera=False, parts=())
    assert "LimitCORE=0\n" in unit.failed(places)


def test_the_limits_follow_from_what_is_installed(places: Places) -> None:
    def most(setting: str) -> int:
        (line,) = re.findall(rf"^{setting}=(\d+)[M%]$", unit.service(places, False, installed(places)), re.MULTILINE)
        return int(line)

    assert installed(places) == []
    without = {setting: most(setting) for setting in ("MemoryMax", "MemoryHigh", "CPUQuota")}
    assert without["MemoryHigh"] < without["MemoryMax"]
    before = without
    for part, need in ANSWERS.items():
        (places.current / "lib/python3.11/site-packages" / f"{need.package}-1.0.dist-info").mkdir(parents=True)
        assert part in installed(places)
        assert most("MemoryMax") == before["MemoryMax"] + need.memory_mb
        before = {"MemoryMax": most("MemoryMax")}
    assert most("MemoryHigh") > without["MemoryHigh"]
    assert most("CPUQuota") > without["CPUQuota"]


def test_the_folders_of_one_user_follow_the_xdg_specification(tmp_path: Path) -> None:
    folders = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    places = own(folders)
    assert places.config == tmp_path / "config" / "assistant" / "config.yaml"
    assert places.units == tmp_path / "config" / "systemd" / "user"
    assert places.program.is_relative_to(tmp_path / "data")
