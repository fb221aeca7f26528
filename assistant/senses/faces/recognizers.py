"""The networks that recognise people, the best first as measured; the first whose weights are installed is used.

Ours comes with the program, so that people can be learnt with nothing else installed.
"""

from collections.abc import Mapping
from typing import cast

from assistant import weights
from assistant.domain.ports import FaceRecognizer
from assistant.errors import ModelMissing
from assistant.plugins import resolve

RECOGNIZERS: Mapping[str, str] = {
    "face-reidentification-retail-0095": "assistant.senses.faces.reidentification:Reidentification",
    "face-recognition": "assistant.senses.faces.embedding:Embedding",
}
"""By the name of their folder in `models/`."""


def installed() -> str | None:
    """The name of the network that would be used; None where none is installed."""
    return next((name for name in RECOGNIZERS if weights.present(name) is not None), None)


def model_in_use() -> str:
    """The same as "name@version"; empty where none is installed."""
    name = installed()
    return f"{name}@{weights.manifest(name).version}" if name else ""


def recognizer() -> FaceRecognizer:
    """Makes the network that is used.

    Raises:
        ModelMissing: none is installed.
        ModelBroken: its file is another one, or cannot be loaded.
    """
    name = installed()
    if name is None:
        wanted = next(iter(RECOGNIZERS))
        raise ModelMissing("No network that recognises people is installed.", weights.remedy(wanted))
    return cast(FaceRecognizer, resolve("recognizer", name, RECOGNIZERS)())
