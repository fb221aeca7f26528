"""The mark that a broken run leaves behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.service.restart import MARK, marked


def test_a_first_run_and_one_after_a_good_end_know_of_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "assistant"
    for _ in range(2):
        with marked(folder) as broke_off:
            assert not broke_off
            assert (folder / MARK).exists()
        assert not (folder / MARK).exists()


def test_a_run_that_raised_is_known(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), marked(tmp_path):
        raise RuntimeError
    with marked(tmp_path) as broke_off:
        assert broke_off


def test_a_run_that_was_killed_is_known(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys; from assistant.service.restart import marked\n"
        "with marked(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGABRT)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False, capture_output=True).returncode < 0
    with marked(tmp_path) as broke_off:
        assert broke_off


def test_a_folder_that_cannot_be_made_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with marked(tmp_path / "file" / "folder") as broke_off:
        assert not broke_off
