"""The split that all trainings share: nobody on two sides, the shares as they are stated, sides that never change."""

import runpy
from collections import Counter
from typing import Any

import pytest
import yaml

from tests.models.trainings import ROOT

SPLIT: dict[str, Any] = runpy.run_path(str(ROOT / "models" / "training" / "split.py"))
"""The module, loaded by its path, for nothing of the trainings is in the installed package."""
SHARES, person, photograph, side_of = (SPLIT[name] for name in ("SHARES", "person", "photograph", "side_of"))


@pytest.mark.parametrize("source", SHARES)
def test_shares_are_as_stated(source: str) -> None:
    sides = Counter(side_of(source, f"somebody {number}") for number in range(4000))
    judging, choosing = SHARES[source]
    assert sides["judge"] / 40 == pytest.approx(judging, abs=2)
    assert sides["choose"] / 40 == pytest.approx(choosing, abs=2)
    assert set(sides) <= {"train", "choose", "judge"}


def test_sides_stay_what_they_were_when_networks_were_trained_by_them() -> None:
    people = [side_of("lfw", name) for name in ("AJ_Cook", "Aaron_Patterson", "Abdel_Aziz_Al-Hakim")]
    assert people == ["train", "judge", "choose"]
    assert [side_of("photos", group) for group in ("J0001", "J0003", "house 1", "house 2")] == [
        "train",
        "choose",
        "judge",
        "train",
    ]


def test_all_photographs_of_a_person_have_one_group() -> None:
    assert {person(f"lfw/Ann_Lee/Ann_Lee_000{n}.jpg") for n in (1, 2)} == {"Ann_Lee"}
    assert person("lfw/Ann_Lee_Jr/Ann_Lee_Jr_0001.jpg") == "Ann_Lee_Jr"


def test_rooms_of_a_house_and_twins_have_one_group() -> None:
    rooms = [photograph(f"H000{n}.jpg", f"houses/Houses Dataset/12_{room}.jpg") for n, room in enumerate(("a", "b"))]
    assert set(rooms) == {"house 12"}
    assert photograph("J0002.jpg", "x", {"J0002.jpg": "J0001"}) == photograph("J0001.jpg", "x") == "J0001"


def test_the_description_of_the_data_has_the_shares_of_the_split() -> None:
    told = yaml.safe_load((ROOT / "models" / "training" / "datasets.yaml").read_text(encoding="utf-8"))
    assert {name: tuple(told[name]["shares"]) for name in SHARES} == SHARES
    assert all(row["terms"] and row["source"] for row in told.values())
