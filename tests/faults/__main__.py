"""`make test-faults`: the checks in three runs side by side, for most of their time they wait.

Words given to it go to pytest, e.g. `python -m tests.faults -x -k camera`.
"""

import subprocess
import sys
from pathlib import Path
from time import monotonic

SIDE_BY_SIDE = (
    ("camera", "readers", "things"),
    ("senses", "places", "process", "captioner"),
    ("sound", "settings", "files", "people", "reading"),
)
"""About equally long."""
NONE_CHOSEN = 5
"""What pytest ends with where a word chose none of the checks."""


def main(words: list[str]) -> int:
    """Runs all, prints what each run says once it is over, and gives 1 when a check failed."""
    begun = monotonic()
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-rs", *words, *(f"tests/faults/check_{kind}.py" for kind in kinds)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for kinds in SIDE_BY_SIDE
    ]
    for run in runs:
        print(run.communicate()[0], flush=True)
    print(f"{monotonic() - begun:.0f} seconds")
    return int(any(run.returncode not in (0, NONE_CHOSEN) for run in runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
