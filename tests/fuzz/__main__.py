"""`make fuzz MINUTES=1 [SEED=...]`: inputs of every kind, each kind in a child; what does harm is kept as an example.

An example is a file in tests/fuzz/examples/<target>/, tried again by `make test` from then on.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import randrange

from tests.fuzz.targets import TARGETS

EXAMPLES = Path(__file__).parent / "examples"
START_S = 90.0
"""So much longer than it tries may a child live: it starts, shrinks what it found, and ends (seconds)."""


def run(target: str, seed: int, seconds: float, examples: list[Path]) -> str:
    """Runs a child; gives what went wrong, after keeping the input, or nothing."""
    with tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        command = [sys.executable, "-m", "tests.fuzz.child", target, name, str(seed), str(seconds), *map(str, examples)]
        with (folder / "said").open("w+b") as said:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
            try:
                code = process.wait(seconds + START_S)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
        words = (folder / "said").read_text(errors="replace")
        if code == 0:
            print(words.strip().splitlines()[-1], flush=True)
            return ""
        return f"{target}: a child ended with {code}; the input is {_keep(target, folder / 'tried')}\n{words[-4000:]}"


def _keep(target: str, tried: Path) -> Path | None:
    if not tried.exists():  # It could not even begin.
        return None
    kept = EXAMPLES / target / hashlib.sha256(tried.read_bytes()).hexdigest()[:16]
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(tried, kept)
    return kept


def main() -> None:
    """Shares the time among the targets; ends with 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=randrange(10**9))
    parser.add_argument("targets", nargs="*", default=list(TARGETS))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    share = given.minutes * 60 / len(given.targets)
    found = [trouble for target in given.targets if (trouble := run(target, given.seed, share, []))]
    print("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
