"""Speaks one sentence through pyttsx3 and ends: `python -m assistant.speech.pyttsx3_child`, started by its engine.

On Linux `runAndWait()` returns after 15 ms, before the sentence was heard, and ending the loop from a callback hangs:
the process simply ends when the engine reports the end of the sentence.

Reads one line of JSON from its input: text, language, voice, rate (words a minute), volume (0 to 1).
"""

import json
import os
import sys
from typing import Any


def main() -> int:
    """Speaks; exit status 0 when it was said or nothing was asked."""
    import pyttsx3

    engine = pyttsx3.init()
    line = sys.stdin.readline()
    if not line:
        return 0
    request = json.loads(line)
    voice = request["voice"] if sys.platform == "linux" else _voice(engine, request["language"])
    if voice:
        engine.setProperty("voice", voice)
    engine.setProperty("rate", request["rate"])
    engine.setProperty("volume", request["volume"])
    engine.connect("finished-utterance", lambda name, completed: os._exit(0 if completed else 1))
    engine.connect("error", lambda name, exception: os._exit(1))
    engine.say(request["text"])
    engine.startLoop()
    return 1


def _voice(engine: Any, language: str) -> str | None:
    """The id of the first voice of a language; None: as the system has it."""
    for voice in engine.getProperty("voices"):
        tags = [tag.decode(errors="ignore") if isinstance(tag, bytes) else str(tag) for tag in voice.languages]
        if any(tag.strip("\x05").replace("_", "-").lower().startswith(language.lower()) for tag in tags):
            return str(voice.id)
    return None


if __name__ == "__main__":
    sys.exit(main())
