"""What a training leaves behind: checkpoints and results, written whole or not at all."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import torch


def write(path: Path, content: bytes) -> None:
    """Writes a file so that readers see the old or the new one."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)


def save_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Writes `checkpoint.pt`, so that a crash leaves the old one or the new one, and its `history` as history.json."""
    partial = folder / "checkpoint.partial"
    torch.save(state, partial)
    partial.replace(folder / "checkpoint.pt")
    (folder / "history.json").write_text(json.dumps(state["history"], indent=1), encoding="utf-8")


def load_checkpoint(folder: Path, device: torch.device | str = "cpu") -> dict[str, Any] | None:
    """What `save_checkpoint` wrote into this folder; None where there is nothing yet."""
    path = folder / "checkpoint.pt"
    return torch.load(path, map_location=device, weights_only=False) if path.is_file() else None


def rounded(value: Any, digits: int = 4) -> Any:
    """The same structure with its floats rounded."""
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item, digits) for item in value]
    return round(float(value), digits) if isinstance(value, (float, np.floating)) else value


def commit() -> str:
    """The commit of the training code, with a mark where the work tree differs from it."""
    try:
        run = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return run.stdout.strip()
