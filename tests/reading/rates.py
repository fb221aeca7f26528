"""How much of the pages is read wrongly: character and word error rates, time and memory, of the real reader."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.ports import Look
from assistant.domain.values import Frame, Query
from assistant.domain.views import NOTHING_SEEN
from assistant.skills.reading import ReadSkill
from tests.reading.pages import Page

_FOLDED = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-"})


@dataclass(frozen=True)
class Result:
    """What came of one page."""

    language: str
    condition: str
    kind: str
    characters: int
    character_errors: int
    words: int
    word_errors: int
    read: str


def distance(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]


def folded(text: str) -> str:
    """Kinds of quotation marks and dashes, which no voice tells apart, made one; one space between words."""
    return re.sub(r"\s+", " ", text.translate(_FOLDED)).strip()


def result(skill: ReadSkill, language: str, condition: str, page: Page) -> Result:
    """Reads a page, in the order in which it would be read out."""
    finding = skill.study(Query("read", 0.0), Look(Frame(page.pixels, 0.0), NOTHING_SEEN))
    read, text = folded(" ".join(line["text"] for line in finding.details["lines"])), folded(page.text)
    return Result(
        language,
        condition,
        page.name,
        len(text),
        distance(text, read),
        len(text.split()),
        distance(text.split(), read.split()),
        read,
    )


def rates(results: Sequence[Result], by: str) -> Iterator[tuple[str, float, float, int]]:
    """(group, mean character error rate of its pages, mean word error rate, pages); rates of 1 and more count as 1."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for each in results:
        groups[getattr(each, by)].append(each)
    for name, group in groups.items():
        yield name, cer(group), sum(min(1.0, each.word_errors / each.words) for each in group) / len(group), len(group)


def cer(results: Sequence[Result]) -> float:
    """The mean character error rate of pages."""
    return sum(min(1.0, each.character_errors / each.characters) for each in results) / len(results)


def peak_mb(pid: int) -> float:
    """The most memory that a process had resident, its libraries with it, megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cpu_s(pid: int) -> float:
    """Processor time of a process, seconds."""
    import os

    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
