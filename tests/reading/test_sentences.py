"""Where sentences end."""

import pytest

from assistant.skills.text.sentences import LONGEST, sentences


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Dear Mr. Smith, we met Dr. J. R. Quay at 9.30 a.m. at St. Paul's.", "It cost £1,240.50!", "Really?"]),
        ("en", ["Is it open?", "No.", "See no. 5, e.g. at www.example.org.", '"Go."', "He left…", "Then it was 5."]),
        (
            "de",
            ["Der Aufzug wird am 3. April von Dr. Müller überholt, z. B. das Seil.", "Kosten: 1.240,50 €.", "Danke!"],
        ),
        ("de", ["Das war 2026.", "Heute usw. bzw. morgen."]),
        ("es", ["Sra. Núñez vive en Avda. América núm. 3.", "¿Cómo está?", "¡Bien!", "Es el 3.", "Vale."]),
        ("fr", ["Mme. Lefèvre habite 3 av. Foch.", "Où est-elle ?", "Là."]),
    ],
)
def test_a_paragraph_falls_into_its_sentences(language: str, parts: list[str]) -> None:
    assert sentences(" ".join(parts), language) == parts


@pytest.mark.parametrize("text", ["a" * 1000, "word " * 300, "one, " * 300, "A. " * 50, ""])
def test_none_is_too_long_and_no_word_is_lost(text: str) -> None:
    found = sentences(text)
    assert all(0 < len(each) <= LONGEST for each in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
