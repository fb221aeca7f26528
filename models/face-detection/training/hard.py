"""How much likelier than others the faceless photographs are drawn in which the network sees somebody."""

from __future__ import annotations

import json
from pathlib import Path

FILE = "hard.json"


def load(run: Path) -> dict[str, float]:
    """Weights by `Source.key`; nothing where nobody has looked yet."""
    path = run / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def save(run: Path, scores: dict[str, float]) -> None:
    """Writes weights from the best score that the network gives in each photograph.

    Args:
        run: folder of the run.
        scores: by `Source.key`, 0 to 1.
    """
    weights = {key: round(0.3 + 12.0 * score**2, 2) for key, score in scores.items()}
    (run / FILE).write_text(json.dumps(weights), encoding="utf-8")
