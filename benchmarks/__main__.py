"""`python -m benchmarks [--json FILE]`: measures and prints every budget, and writes all rows as JSON."""

import argparse
import json
import platform
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from assistant import __version__
from benchmarks import camera, every_skill, people, process, skills, speech, step
from benchmarks.rows import Row


def main() -> None:
    """Prints each row as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    path: Path = parser.parse_args().json
    rows: list[Row] = []
    parts = (step, people, camera, process, skills, every_skill, speech)
    for measured in chain.from_iterable(part.measure() for part in parts):
        print(measured, flush=True)
        rows.append(measured)
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"version": __version__, "machine": platform.machine(), "python": platform.python_version()}
    result = {**about, "rows": [asdict(measured) | {"met": measured.met} for measured in rows]}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {path}.")


if __name__ == "__main__":
    main()
