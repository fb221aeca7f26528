"""What is derived from the table of commands, and what must stay in step with it."""

import re
from collections import Counter

from assistant import parts
from assistant.acts import Acts
from assistant.domain.commands import COMMANDS, headset_keys, held_keys, keys
from assistant.settings import Settings
from assistant.skills.learning import LearnSkill
from assistant.speech.phrases import Phrases
from assistant.weights import data_folder
from tests.scripted import House, ScriptedSense

MANUAL = data_folder("models").parent / "docs" / "manual.md"


def test_each_verb_and_each_key_is_there_once() -> None:
    said = Counter([row.verb for row in COMMANDS] + [row.key for row in COMMANDS if row.key])
    assert said.most_common(1)[0][1] == 1
    assert len(keys()) == sum(bool(row.key) for row in COMMANDS)


def test_every_verb_has_words_and_a_deed() -> None:
    verbs = {row.verb for row in COMMANDS}
    skills, _ = parts.make_skills(Settings())
    asked = {row.verb for skill in (*skills, LearnSkill) for row in skill.commands}
    assert verbs | asked == set(Phrases("en").language.words["verb"])
    acts: Acts = House(ScriptedSense(lambda at: None)).runtime.commands._acts
    assert verbs - set(acts.table) == {"practice", "help", "lens", "people"}
    assert set(acts.table) <= verbs


def test_the_manual_lists_the_keys_in_the_same_order() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    listed = re.findall(
        r"^- ([A-Z]|Space|Plus|Minus): ", text.partition("## Keys")[2].partition("## ")[0], re.MULTILINE
    )
    names = {" ": "Space", "+": "Plus", "-": "Minus"}
    assert listed == [names.get(row.key, row.key.upper()) for row in COMMANDS if row.key]


def test_headset_keys_are_the_kernels() -> None:
    assert all(name.startswith("KEY_") for name in [*headset_keys(), *held_keys()])
