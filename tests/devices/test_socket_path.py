"""Where the control socket lies."""

import os
from pathlib import Path

import pytest

from assistant.devices import socket_path
from assistant.devices.socket_path import make_private, runtime_path, serving_path
from assistant.errors import TriggerError


def test_the_folder_of_the_service_comes_first() -> None:
    environ = {"RUNTIME_DIRECTORY": "/run/assistant:/run/other", "XDG_RUNTIME_DIR": "/run/user/1000"}
    assert serving_path(environ) == runtime_path(environ) == Path("/run/assistant/control.socket")


def test_then_the_folder_of_the_session() -> None:
    assert serving_path({"XDG_RUNTIME_DIR": "/run/user/1000"}) == Path("/run/user/1000/assistant/control.socket")


def test_then_a_folder_of_this_user() -> None:
    assert serving_path({}) == Path(f"/tmp/assistant-{os.geteuid()}/control.socket")


def test_a_client_finds_the_service_that_it_can_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_path, "SYSTEM", tmp_path)
    environ = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    assert runtime_path(environ) == serving_path(environ)
    (tmp_path / "control.lock").touch()  # The socket is away while new settings are taken.
    assert runtime_path(environ) == tmp_path / "control.socket"
    assert serving_path(environ) == Path("/run/user/1000/assistant/control.socket")


def test_a_foreign_folder_in_tmp_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_path, "TEMPORARY", tmp_path)
    folder = tmp_path / f"assistant-{os.geteuid()}"
    make_private(folder)
    assert serving_path({}).parent == folder
    folder.chmod(0o755)
    with pytest.raises(TriggerError, match="not a private folder"):
        serving_path({})
    folder.rmdir()
    target = tmp_path / "elsewhere"
    make_private(target)
    folder.symlink_to(target)
    with pytest.raises(TriggerError, match="not a private folder"):
        serving_path({})
    folder.unlink()
    folder.touch(mode=0o600)
    with pytest.raises(TriggerError, match="not a private folder"):
        runtime_path({})


def test_a_folder_in_tmp_of_somebody_else_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder for somebody else")
    monkeypatch.setattr(socket_path, "TEMPORARY", tmp_path)
    folder = tmp_path / "assistant-0"
    make_private(folder)
    os.chown(folder, 65534, 65534)
    with pytest.raises(TriggerError, match="not a private folder"):
        serving_path({})


def test_folders_are_private(tmp_path: Path) -> None:
    make_private(tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700
    make_private(tmp_path / "new" / "folder")


def test_a_folder_that_others_may_write_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(TriggerError, match="not a private folder"):
        make_private(folder)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(TriggerError, match="not a private folder"):
        make_private(folder)


def test_a_folder_in_tmp_that_came_after_the_first_look_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_path, "TEMPORARY", tmp_path)
    path = serving_path({})
    path.parent.mkdir()
    path.parent.chmod(0o755)
    with pytest.raises(TriggerError, match="not a private folder"):
        make_private(path.parent)
