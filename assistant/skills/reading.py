"""`read`: what is written in front of the camera, sentence by sentence."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from assistant.domain.commands import Command
from assistant.domain.ports import Answer, Finding, Look, TextReader
from assistant.domain.values import Box, Phrase, Query, Verbatim
from assistant.errors import AssistantError, CameraLost
from assistant.skills.spoken import say, told
from assistant.skills.text.advice import cut, sharpness, why_nothing
from assistant.skills.text.alphabet import UNREADABLE
from assistant.skills.text.layout import Row, arranged, paragraphs
from assistant.skills.text.reader import ChildReader
from assistant.skills.text.sentences import sentences

SURE = 0.8
"""Lines that are read with less certainty are rubbish more often than not."""
BARS = frozenset("1Il |/-.")
"""What the edges of things look like: where nothing else was read, it is no text."""
LOOK_S = 0.6
"""For so long the sharpest picture is waited for, seconds of the camera's clock."""
TRIES = 3
"""So many sharpest pictures are read before it is told that there is nothing to read."""
SHORT, LONG = 12, 40
"""Words: up to so many are read out straight away; from so many on it is told first what it is."""
OPEN = ",;:- "
"""What a line may end with that ends no sentence."""
TABLE = 3
"""So many rows with several parts make a list."""


class ReadSkill:
    """`read`.

    Args:
        language: In which is spoken.
        reader: Reads the lines.
    """

    name = "read"
    lens = "text"
    closely = True
    commands: Sequence[Command] = (Command("read", "t"),)

    def __init__(self, *, language: str = "en", reader: TextReader | None = None) -> None:
        self._language = language
        self._reader = reader or ChildReader()

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """What is written, from the sharpest of a few pictures; what reads it is let go then."""
        self._reader.start()
        finding = None
        try:
            for _ in range(TRIES):
                look = sharpest(looks)
                finding = finding if look is None else self.study(query, look)
                if look is None or (finding and finding.details["lines"]):
                    break
            if finding:
                yield replace(told(finding), resumes=True)
        except AssistantError as error:
            yield say(error.phrase, error.facts)
        finally:
            self.close()

    def study(self, query: Query, look: Look) -> Finding:
        """What is written in this picture.

        Raises:
            PartMissing, ModelMissing, ModelBroken, ReadingFailed: it cannot be read.
        """
        pixels = look.frame.pixels
        found = self._reader.lines(pixels)
        sure = [line for line in found if line.certainty >= SURE and any(map(str.isalnum, line.text))]
        if all(set(line.text) <= BARS for line in sure):
            doubted = [line for line in found if not set(line.text) <= BARS]
            return Finding((why_nothing(pixels, doubted, self._language),), {"lines": []})
        rows = arranged(sure)
        height, width = pixels.shape[:2]
        details = {"lines": [_described(row, width, height) for row in rows]}
        return Finding((*self._begin(rows), *cut(pixels, sure), *self._said(rows)), details)

    def check(self) -> str:
        """That the packages and their networks are there."""
        return self._reader.check()

    def close(self) -> None:
        """Lets go of what reads."""
        self._reader.close()

    def _begin(self, rows: Sequence[Row]) -> Iterator[Phrase]:
        """What it is, before it is read out; of what is short nothing but that it is read."""
        if self._language in UNREADABLE:
            yield Phrase("read_latin_only")
        words = sum(len(row.text.split()) for row in rows)
        if sum(len(row.parts) > 1 for row in rows) >= TABLE:
            yield Phrase("read_list", {"count": len(rows)})
        elif words >= LONG:
            yield Phrase("read_page", {"count": round(words, -1)})

    def _said(self, rows: Sequence[Row]) -> Iterator[Phrase]:
        texts = paragraphs(rows)
        if all(len(text) == 1 for text in texts):  # what looks like one letter is as often a thing
            yield Phrase("read_perhaps", {"text": Verbatim(", ".join(texts))})
            return
        if sum(len(text.split()) for text in texts) <= SHORT:
            yield Phrase("read_short", {"text": Verbatim(". ".join(text.rstrip(".") for text in texts))})
            return
        for text in texts:
            for sentence in sentences(text, self._language):
                yield Phrase("read_sentence", {"text": Verbatim(sentence.rstrip(OPEN))})


def sharpest(looks: Iterator[Look]) -> Look | None:
    """The sharpest look of a short while; None when there is none, or nobody wants the answer any more."""
    best: Look | None = None
    began, most = None, -1.0
    with suppress(CameraLost):  # what was seen before is read all the same
        for look in looks:
            began = look.frame.at if began is None else began
            if (sharp := sharpness(look.frame.pixels)) > most:
                best, most = look, sharp
            if look.frame.at - began >= LOOK_S:
                break
    return best


def _described(row: Row, width: int, height: int) -> dict[str, Any]:
    (left, top), (right, bottom) = row.corners.min(axis=0), row.corners.max(axis=0)
    box = Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
    return {"text": row.text, "certainty": round(row.certainty, 4), "box": box}
