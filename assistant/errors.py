"""Every error this program raises on purpose, in one tree.

    AssistantError
    ├── ConfigError          a settings file that cannot be used; carries every problem found in it
    │   ├── ConfigGone       there is no such file
    │   ├── VoicesBroken     the sentences of a language are damaged
    │   └── ConfigUnreadable it is no ordinary file, too large, or closed to this user
    ├── UnknownName          a name in the settings that is no known module; lists what exists
    ├── CameraError
    │   ├── CameraAbsent     there is no such camera
    │   │   └── CameraSilent there is nothing at its address, or nothing that gives pictures
    │   ├── CameraDenied     it exists, but we may not open it
    │   ├── CameraTooLarge   its pictures have more pixels than are read
    │   └── CameraLost       it stopped giving frames
    │       └── CameraFrozen it gives the same picture again and again
    ├── PictureError         a picture or video that cannot be read
    ├── ModelError
    │   ├── ModelMissing     the weights are not installed
    │   │   └── PartMissing  a package with a part of the program is not installed
    │   ├── ModelBroken      wrong hash, shape or manifest; refused by name
    │   └── ModelNotFetched  the weights did not come from where the manifest says
    ├── SenseFailed          a sense raised an error while it looked at a frame, or gave what is no guess
    ├── SkillFailed          a skill could not be made, raised an error, or gave nothing when it was asked
    ├── ReadingFailed        what is written in a picture could not be read, for no fault of the picture
    ├── CaptionerFailed      what describes pictures does not answer, or not in time
    ├── Unbelieved           a sense gives percepts of a kind that nothing is believed of
    ├── PeopleError          something about people who are learnt that cannot be done
    │   ├── NameRefused      what cannot be a name
    │   ├── NameTaken        somebody else is called so
    │   ├── NotLearnt        nobody is called so
    │   ├── OtherModel       faces that another network learnt
    │   └── StoreError       the file of people cannot be used
    │       ├── StoreDamaged it is none, or a newer version made it
    │       ├── StoreClosed  this user may not read or write it
    │       ├── StoreFull    there is no room for it
    │       └── StoreBusy    somebody else is writing into it
    ├── SpeechError          an engine that cannot speak (now)
    ├── TriggerError         a key, button or socket that cannot be used
    ├── NotRunning           no assistant answers on the control socket
    ├── AlreadyRunning       a second assistant was started
    ├── ChildLost            a process that works for this one is gone or does not answer
    ├── StillRunning         a thread that does not end, so that no other may take its place
    └── Unforeseen           any error that nobody raised on purpose

Each error is one sentence for a person (`str(error)`), with a remedy where one is known, and the key of the phrase
that the voice uses to tell it (`voices/<lang>/`). No error holds the password of an address.
"""

from collections.abc import Sequence
from typing import Any

from assistant.addresses import without_secrets


class AssistantError(Exception):
    """Base of all errors with something to say to the person.

    Args:
        message: One plain sentence saying what is wrong.
        remedy: One plain sentence saying what to do; empty when nothing can be done.
        facts: Values for the placeholders of the phrase.
    """

    phrase = "fault"
    """Key of the spoken sentence in `voices/<lang>/`."""
    exit_code = 1
    """Exit status of the command line when this error ends it."""

    def __init__(self, message: str, remedy: str = "", **facts: Any) -> None:
        self.message = without_secrets(message)
        self.remedy = without_secrets(remedy)
        self.facts = facts
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ConfigError(AssistantError):
    """The settings file cannot be used.

    Args:
        path: The file.
        problems: Every mistake in it, each with its line, as ready sentences.
    """

    phrase = "fault_config"
    kept = "settings_bad"
    """Key of the sentence that says that the settings in use stay."""
    exit_code = 3

    def __init__(self, path: str, problems: list[str], first_line: int | None = None) -> None:
        self.path = path
        self.problems = [without_secrets(problem) for problem in problems]
        self.first_line = first_line
        super().__init__(f"{path}: " + " ".join(self.problems), line=first_line or 1)


class ConfigGone(ConfigError):
    """There is no settings file at its place."""

    phrase = "fault_config_gone"
    kept = "settings_gone"


class ConfigUnreadable(ConfigError):
    """The settings file cannot be read at all, so that no line of it can be named."""

    phrase = "fault_config_unreadable"
    kept = "settings_unreadable"


class VoicesBroken(ConfigError):
    """A folder of `voices/` cannot be used; no line of the settings file is to blame."""

    phrase = "fault_voices"
    kept = "settings_voices"


_SETTINGS = {
    "camera": "camera.source",
    "detector": "faces.detector",
    "language": "language",
    "object_detector": "things.detector",
    "sense": "senses",
    "skill": "skills",
    "speaker": "speech.engine",
    "trigger": "triggers",
}


class UnknownName(AssistantError):
    """A name that is neither a module of ours nor an installed entry point.

    Args:
        kind: What was looked for, e.g. "camera".
        name: The unknown name.
        known: The names that exist.
    """

    exit_code = 3

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        super().__init__(f'There is no {kind.replace("_", " ")} called "{name}".', f"Known: {', '.join(known)}.")
        self.kind = kind
        self.name = without_secrets(name)
        self.known = known

    @property
    def setting(self) -> str:
        """The setting that holds such a name; empty when none does."""
        return _SETTINGS.get(self.kind, "")


class CameraError(AssistantError):
    """The camera gives no frame."""

    phrase = "camera_lost"
    exit_code = 4


class CameraAbsent(CameraError):
    """There is no such camera."""

    phrase = "camera_absent"


class CameraSilent(CameraAbsent):
    """Nothing answers at the camera's address, or nothing that gives pictures."""

    phrase = "camera_no_answer"


class CameraDenied(CameraError):
    """The camera exists, but this user may not open it."""

    phrase = "camera_denied"


class CameraTooLarge(CameraError):
    """The pictures of the camera have more pixels than are read."""

    phrase = "camera_too_large"


class CameraLost(CameraError):
    """The camera stopped giving frames."""


class CameraFrozen(CameraLost):
    """The camera gives the same picture again and again."""

    phrase = "camera_frozen"


class PictureError(AssistantError):
    """A picture, folder or video cannot be read."""

    phrase = "fault_picture"
    exit_code = 5


class ModelError(AssistantError):
    """A model cannot be used."""

    phrase = "fault_model"
    exit_code = 6


class ModelMissing(ModelError):
    """The weights of a model are not installed."""


class PartMissing(ModelMissing):
    """A package that only some questions need is not installed.

    Args:
        package: Its name.
        extra: The extra of this program that brings it.
    """

    phrase = "part_missing"

    def __init__(self, package: str, extra: str) -> None:
        remedy = f'Add it with "make run" or "assistant service install", or install the extra "{extra}".'
        super().__init__(f"The package {package} is not installed.", remedy, package=package)


class ModelBroken(ModelError):
    """The weights differ from what the manifest says; they are never loaded."""


class ModelNotFetched(ModelError):
    """The weights of a model did not come from the address in its manifest."""


class ReadingFailed(AssistantError):
    """What reads was lost, took too long, or had too little memory; the next picture has a new one."""

    phrase = "reading_failed"


class Unbelieved(AssistantError):
    """A sense gives percepts of a kind that nothing is believed of; found when the program is composed.

    Args:
        sense: Its name.
        kinds: Those kinds.
        known: What can be believed.
    """

    exit_code = 3

    def __init__(self, sense: str, kinds: list[str], known: list[str]) -> None:
        super().__init__(
            f'The sense "{sense}" gives {", ".join(kinds)}, which nothing is believed of.',
            f"Known: {', '.join(known)}; another is one more row in assistant/domain/beliefs.py.",
        )


class SenseFailed(AssistantError):
    """A sense raised an error while it looked at a frame, or gave what is no guess.

    Args:
        sense: Its name.
    """

    phrase = "fault_sense"

    def __init__(self, sense: str) -> None:
        super().__init__(f'The sense "{sense}" failed.', "The log has the reason.", sense=sense)


class SkillFailed(AssistantError):
    """A skill could not be made, raised an error, or gave nothing when it was asked.

    Args:
        skill: Its name.
    """

    phrase = "fault_skill"

    def __init__(self, skill: str) -> None:
        super().__init__(f'The skill "{skill}" failed.', "The log has the reason.", skill=skill)


class CaptionerFailed(AssistantError):
    """What describes pictures cannot be reached, fails, or takes too long."""

    phrase = "captioner_failed"


class PeopleError(AssistantError):
    """Something about the people who are learnt cannot be done; nothing was changed."""

    phrase = "people_refused"
    exit_code = 11


class NameRefused(PeopleError):
    """This cannot be a name."""


class NameTaken(PeopleError):
    """Somebody else is called so, or so nearly so that nobody could hear the difference."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody is called {name} already.", "Choose another name.")


class NotLearnt(PeopleError):
    """Nobody of this name is learnt."""

    phrase = "people_unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"Nobody called {name} is learnt.", "See: assistant people list.")


class OtherModel(PeopleError):
    """Faces that another network learnt; they cannot be compared with those of the one in use."""

    phrase = "people_other_model"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"{', '.join(names)} must be learnt again: another network learnt these faces.")


class StoreError(PeopleError):
    """The file of people cannot be used; what was in it before is in it still."""

    phrase = "people_unkept"


class StoreDamaged(StoreError):
    """It is no file of people, or one that a newer version made."""


class StoreClosed(StoreError):
    """This user may not read or write it, or it is no ordinary file."""


class StoreFull(StoreError):
    """There is no room for it."""

    phrase = "people_full"


class StoreBusy(StoreError):
    """Somebody else is writing into it."""


class SpeechError(AssistantError):
    """A speech engine cannot speak at present."""

    phrase = "fault_speech"
    exit_code = 7


class TriggerError(AssistantError):
    """A key, button or socket cannot be used."""

    phrase = "fault_trigger"
    exit_code = 8


class NotRunning(AssistantError):
    """No running assistant answers on the control socket."""

    exit_code = 9


class AlreadyRunning(AssistantError):
    """Another assistant holds the control socket."""

    phrase = "already_running"
    exit_code = 10


class ChildLost(AssistantError):
    """A process that works for this one is gone, does not answer, or answers rubbish.

    Args:
        status: How it ended: its exit status, or the negative number of the signal; None when it had to be ended.
    """

    def __init__(self, status: int | None) -> None:
        super().__init__(f"A process that works for the assistant was lost ({status}).")
        self.status = status


class StillRunning(AssistantError):
    """A thread does not end; whatever would be started beside it had the same camera.

    Args:
        threads: Their names.
    """

    phrase = "fault_stuck"

    def __init__(self, threads: list[str]) -> None:
        super().__init__(f"{', '.join(threads)} did not end.", "The assistant has to be started again.")
        self.threads = threads


class Unforeseen(AssistantError):
    """Something went wrong that nobody thought of: a mistake in this program or in a plugin.

    Args:
        error: What was raised.
    """

    def __init__(self, error: BaseException) -> None:
        text = " ".join(str(error).split())[:200]
        super().__init__(f"Something went wrong: {type(error).__name__}{f', {text}' if text else ''}.")
