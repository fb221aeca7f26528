"""The terms of the data, as manifests state them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("datasets.yaml")


def datasets() -> dict[str, dict[str, Any]]:
    """Everything in datasets.yaml, by the key that split.py uses."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def terms(*names: str) -> list[dict[str, str]]:
    """Name, terms and source of some of them."""
    known = datasets()
    return [{key: known[name][key] for key in ("name", "terms", "source")} for name in names]
