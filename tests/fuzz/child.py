"""Tries inputs on one target and may die of one: `python -m tests.fuzz.child TARGET FOLDER SEED SECONDS [EXAMPLE...]`.

The input that is being tried is FOLDER/tried. With examples it tries those and no others.
"""

import faulthandler
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.targets import HANG_S, TARGETS, Trial

MEMORY_MB = 600
"""Most that this process, or one that it started, may ever have had."""
BATCH = 50


def main(target: str, folder: Path, first_seed: int, seconds: float, examples: list[Path]) -> None:
    """Tries until the time is over, or an input does harm."""
    with TARGETS[target].begin(folder) as harmless:
        for example in examples:
            _try(harmless, example.read_bytes(), folder)
        end, tried = monotonic() + seconds, len(examples)
        for number in () if examples else count(first_seed):
            tried += _batch(target, number, harmless, folder)
            if monotonic() > end:
                break
    print(f"{target}: {tried} inputs")


def _batch(target: str, number: int, harmless: Trial, folder: Path) -> int:
    tried = 0

    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(TARGETS[target].inputs)
    def batch(data: bytes) -> None:
        nonlocal tried
        tried += 1
        _try(harmless, data, folder)

    batch()
    return tried


def _try(harmless: Trial, data: bytes, folder: Path) -> None:
    (folder / "tried").write_bytes(data)
    faulthandler.dump_traceback_later(HANG_S, exit=True)
    try:
        harmless(data)
    finally:
        faulthandler.cancel_dump_traceback_later()
    peak = max(map(_peak_mb, [Path("/proc/self"), *_children()]))
    assert peak < MEMORY_MB, f"{peak:.0f} MB"


def _children() -> list[Path]:
    found: list[Path] = []
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # That thread has just ended.
            found += [Path("/proc", number) for number in path.read_text().split()]
    return found


def _peak_mb(process: Path) -> float:
    try:
        lines = (process / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0.0)


if __name__ == "__main__":
    _target, _folder, _seed, _seconds, *_examples = sys.argv[1:]
    main(_target, Path(_folder), int(_seed), float(_seconds), [Path(example) for example in _examples])
