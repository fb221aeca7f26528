"""Before the real sounddevice on the path: devices take $OPENS_S seconds to open, as those over the air do."""

import os
import sys
import time
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

_here = str(Path(__file__).parent)
_spec = PathFinder.find_spec(__name__, [place for place in sys.path if place != _here])
assert _spec is not None
assert _spec.loader is not None
_real = module_from_spec(_spec)
_spec.loader.exec_module(_real)


class _Slow(_real.OutputStream):  # type: ignore[misc, name-defined]
    def __init__(self, *words: Any, **named: Any) -> None:
        time.sleep(float(os.environ["OPENS_S"]))
        super().__init__(*words, **named)


_real.OutputStream = _Slow  # type: ignore[attr-defined]
sys.modules[__name__] = _real
