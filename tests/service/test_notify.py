"""Notices to systemd, received on a real datagram socket."""

import logging
import os
import socket
from pathlib import Path

import pytest

from assistant.service.notify import notify


@pytest.mark.parametrize("abstract", [False, True])
def test_a_notice_arrives(abstract: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"assistant-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name if abstract else name)
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name if abstract else name)
        notify("READY=1")
        notify("STATUS=Camera lost\nWATCHDOG=1")
        assert [manager.recv(1000), manager.recv(1000)] == [b"READY=1", b"STATUS=Camera lost\nWATCHDOG=1"]


def test_nothing_happens_without_a_manager(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    assert caplog.records == []


def test_a_manager_that_is_gone_is_logged_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    with caplog.at_level(logging.WARNING):
        notify("WATCHDOG=1")
    assert "WATCHDOG=1" in caplog.text


def test_a_manager_that_does_not_listen_does_not_hold_it_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "full"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "full"))
        for _ in range(1000):
            notify("WATCHDOG=1")
    assert "was not told" in caplog.text
