"""Reads all pages and writes what came of it into docs/reading.md: `python -m tests.reading [--all]`."""

import sys
from pathlib import Path

from assistant.skills.reading import ReadSkill
from assistant.skills.text.reader import ChildReader
from tests.reading.pages import drawn
from tests.reading.rates import Result, cer, cpu_s, peak_mb, rates, result

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end of what was measured -->\n"
TITLES = {"condition": "Condition", "kind": "Page", "language": "Language"}


def main() -> None:
    reader = ChildReader(answer_s=300.0)
    skill = ReadSkill(reader=reader)
    results = []
    for language, condition, page in drawn(everything="--all" in sys.argv):
        one = result(skill, language, condition, page)
        results.append(one)
        if one.character_errors > 0.05 * one.characters:
            print(f"{language}, {page.name}, {condition}: {one.read}", file=sys.stderr)
    assert reader.pid
    measured = table(results, cpu_s(reader.pid) / len(results), peak_mb(reader.pid))
    skill.close()
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(before + BEGIN + measured + END + rest.partition(END)[2], encoding="utf-8")
    print(measured)


def table(results: list[Result], seconds: float, peak: float) -> str:
    text = (
        f"\n{len(results)} pages: mean character error rate {100 * cer(results):.2f} %. Processor time of a page "
        f"{seconds:.1f} s, on two busy cores; the process that reads had at most {peak:.0f} MB resident.\n"
    )
    for by, title in TITLES.items():
        text += f"\n| {title} | Characters wrong, % | Words wrong, % | Pages |\n|---|---|---|---|\n"
        for name, characters, words, count in rates(results, by):
            text += f"| {name} | {100 * characters:.2f} | {100 * words:.2f} | {count} |\n"
    return f"{text}\n"


if __name__ == "__main__":
    main()
