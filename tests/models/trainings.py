"""The commands of the trainings, run as their READMEs say, in the environment that `make train-...` makes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-training" / "bin" / "python"
HANG_S = 600

MARKS = [
    pytest.mark.skipif(not PYTHON.exists(), reason="needs the training's own environment, .venv-training"),
    pytest.mark.timeout(3 * HANG_S),
]


def command(model: str, script: str, *words: object) -> subprocess.Popen[str]:
    """Starts one of the commands in `models/<model>/training`."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "models" / "training")])
    return subprocess.Popen(
        [str(PYTHON), script, *map(str, words)],
        cwd=ROOT / "models" / model / "training",
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(model: str, script: str, *words: object) -> tuple[int, str]:
    """Runs one of the commands to its end: exit code and what it printed."""
    process = command(model, script, *words)
    printed, _ = process.communicate(timeout=HANG_S)
    return process.returncode, printed


def smoke(target: str) -> str:
    """Runs one of the Makefile's trainings from start to end on made pictures; what it printed."""
    done = subprocess.run(
        ["make", target, "SMOKE=1"], cwd=ROOT, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def history(folder: Path) -> list[dict[str, Any]]:
    """One row for each epoch of a run so far."""
    path = folder / "history.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
