"""docs/reliability.md says what the checks do; whatever their times were."""

import re
from pathlib import Path

from tests.faults.__main__ import SIDE_BY_SIDE
from tests.faults.table import FAULTS, KINDS, TABLE, load, rendered


def test_the_table_is_that_of_the_checks() -> None:
    written = TABLE.read_text(encoding="utf-8")
    assert _without_times(written) == _without_times(rendered({})), "run: python -m tests.faults.table"


def test_every_check_is_in_the_table_and_every_file_a_chapter() -> None:
    load()
    folder = Path(__file__).parent
    assert {path.stem for path in folder.glob("check_*.py")} == {f"check_{kind}" for kind in KINDS}
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("check_*.py"))
    assert set(re.findall(r"^def (test_\w+)", text, re.MULTILINE)) == set(FAULTS)


def test_what_is_told_has_a_time_and_words() -> None:
    load()
    for row in FAULTS.values():
        assert (row.told_s is None) == (not row.said), row.test
        assert "|" not in row.what + row.how + "".join(row.said), row.test


def _without_times(text: str) -> str:
    return re.sub(r"(\?|\d+\.\d) of ", "? of ", text)


def test_every_chapter_is_run() -> None:
    assert sorted(kind for kinds in SIDE_BY_SIDE for kind in kinds) == sorted(KINDS)
