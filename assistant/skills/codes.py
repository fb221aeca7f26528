"""`codes`: QR codes and barcodes, read plainly; nothing that they hold is opened."""

import time
from collections.abc import Iterator, Sequence

from assistant.domain.commands import Command
from assistant.domain.ports import Answer, Finding, Look, TextReader
from assistant.domain.values import Phrase, Query
from assistant.errors import AssistantError
from assistant.skills.spoken import say, told
from assistant.skills.text import payloads
from assistant.skills.text.reader import ChildReader

LONGEST_S = 5.0
"""For so long a code is looked for, seconds of the camera's clock."""
REST = 1.0
"""After each look it rests for so many times as long as the look took, so that it leaves others their share."""


class CodesSkill:
    """`codes`.

    Args:
        reader: Reads the codes.
    """

    name = "codes"
    lens = ""
    closely = True
    commands: Sequence[Command] = (Command("codes", "="),)

    def __init__(self, *, reader: TextReader | None = None) -> None:
        self._reader = reader or ChildReader()

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """The codes of the first picture with one, or that there is none; what reads them is let go then."""
        began = finding = None
        next_at = float("-inf")
        try:
            for look in looks:
                if look.frame.at < next_at:
                    continue
                began = look.frame.at if began is None else began
                asked_at = time.monotonic()
                finding = self.study(query, look)
                next_at = look.frame.at + (1 + REST) * (time.monotonic() - asked_at)
                if finding.details["codes"] or look.frame.at - began >= LONGEST_S:
                    break
            if finding is not None:
                yield told(finding)
        except AssistantError as error:
            yield say(error.phrase, error.facts)
        finally:
            self.close()

    def study(self, query: Query, look: Look) -> Finding:
        """The codes of this picture.

        Raises:
            ReadingFailed: they cannot be read.
        """
        found = self._reader.codes(look.frame.pixels)
        phrases = [phrase for kind, text in found for phrase in payloads.told(kind, text)]
        details = {"codes": [{"kind": kind, "text": payloads.cleaned(text)} for kind, text in found]}
        return Finding(tuple(phrases) or (Phrase("code_none"),), details)

    def check(self) -> str:
        """It needs nothing beside OpenCV."""
        return "needs nothing else."

    def close(self) -> None:
        """Lets go of what reads."""
        self._reader.close()
