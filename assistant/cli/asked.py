"""What is asked about a picture: something that the beliefs about it answer, or a skill that studies it."""

from collections.abc import Mapping
from typing import Any

import click

from assistant import parts
from assistant.domain.policy import Policy
from assistant.domain.ports import Look, PictureSkill
from assistant.domain.values import Announcement, Query
from assistant.settings import Settings
from assistant.skills.spoken import told

BELIEVED = ("now", "detail", "who", "why")
"""What can be answered from what is believed about one picture."""


class Asked:
    """A question as it stands on the command line: a verb, or a verb with its subject, like "find:cup".

    Args:
        question: That text.
        settings: They name the skills.

    Raises:
        click.UsageError: nothing here answers it.
    """

    def __init__(self, question: str, settings: Settings) -> None:
        self.question = question
        self.skill: PictureSkill | None = None
        """What studies the picture; None where the beliefs answer."""
        self._verb, colon, self._about = question.partition(":")
        if question not in BELIEVED:
            self.skill = self._found(settings, bool(colon))

    def answer(self, look: Look, policy: Policy) -> tuple[Announcement, Mapping[str, Any] | None]:
        """The answer, and the details that a skill gives with it.

        Raises:
            AssistantError: the skill cannot answer.
        """
        query = Query(self._verb, look.view.at, self._about)
        if self.skill is None:
            return policy.answer(query, look.view), None
        finding = self.skill.study(query, look)
        return told(finding), finding.details

    def _found(self, settings: Settings, has_subject: bool) -> PictureSkill:
        skills, _ = parts.make_skills(settings)
        able = {row.verb: (row, skill) for skill in skills if isinstance(skill, PictureSkill) for row in skill.commands}
        if self._verb not in able:
            known = [*BELIEVED, *(f"{verb}:{row.about}" if row.about else verb for verb, (row, _) in able.items())]
            raise click.UsageError(f'Nothing answers "{self.question}" about a picture. Known: {", ".join(known)}.')
        row, skill = able[self._verb]
        if has_subject != bool(row.about) or has_subject != bool(self._about):
            form = f"{row.verb}:{row.about.upper()}" if row.about else row.verb
            raise click.UsageError(f'"{self.question}" is asked as {form}.')
        return skill
