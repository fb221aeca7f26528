"""What the program needs of the world; every adapter satisfies one of these protocols.

Adapters are plain classes with keyword arguments of plain types: they never see the settings. Each port has one
contract suite in `tests/contracts/` that runs over all adapters whose hardware is present.
"""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.commands import Command
from assistant.domain.people import Matching
from assistant.domain.values import (
    Announcement,
    Cue,
    Face,
    Frame,
    Percept,
    Phrase,
    Pixels,
    Query,
    Question,
    TextLine,
    Thing,
    Thresholds,
    Utterance,
)
from assistant.domain.views import SceneView


@runtime_checkable
class Camera(Protocol):
    """A source of frames, owned by one thread.

    One that may show the same picture for ever, because it is no camera but a file, has an attribute `live` that is
    False; of all others a picture that stands still is a fault.
    """

    name: str
    """How it is called in config.yaml and in `doctor`."""

    def open(self) -> None:
        """Starts it, within bounded time.

        Raises:
            CameraAbsent, CameraDenied: it cannot be opened.
            PictureError: a file that is no picture or video (replay only).
        """

    def read(self) -> Frame | None:
        """Waits for the next frame; None at the end of a source that ends.

        Raises:
            CameraLost: no frame within a few seconds; close it and open it again.
        """

    def close(self) -> None:
        """Lets the device go; harmless when it is not open."""


@runtime_checkable
class Resizable(Protocol):
    """A camera that can be asked for larger pictures, by the thread that owns it."""

    def resize(self, least: tuple[int, int] | None) -> bool:
        """Chooses what is asked for at the next `open`.

        Args:
            least: Width and height that the pictures should have at least, pixels; None: those of the settings.

        Returns:
            Whether other pictures are asked for than at the last `open`; if not, it need not be opened again.
        """


@runtime_checkable
class Sense(Protocol):
    """Looks at one frame and guesses, owned by one thread."""

    name: str
    kinds: Collection[str]
    """The kinds of percepts that it gives; each must be one that is believed (`beliefs.py`). A sense may bring rows for
    more of them in `beliefs`, and their sentences in `voices`, a folder laid out like ours."""

    def look(self, frame: Frame) -> Sequence[Percept]:
        """The guesses about this frame; frames come in the order of their time."""

    def close(self) -> None:
        """Lets go of what it holds."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a skill is shown: the newest frame, and what is believed about the scene."""

    frame: Frame
    view: SceneView


Answer = Generator[Announcement | Cue | Question, bool | None, None]
"""What a skill gives; a question gives back, where it is yielded, whether the user agreed."""


@runtime_checkable
class Skill(Protocol):
    """Answers questions that need more than beliefs; owned by the answering thread, may take seconds.

    One that needs finer pictures than faces do has an attribute `closely` that is True: while it answers the camera is
    asked for larger ones.
    """

    name: str
    commands: Sequence[Command]
    """What it can be asked, the first of them through its lens. Their words stand in the table `verb` of `voices/`."""
    lens: str
    """The word by which the user chooses it for the plain question ("things", "text"); empty where it has none."""

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """Gives sentences and sounds, one after the other, as soon as each is known.

        Announcements have the urgency ANSWER. What needs models loads them here.

        Args:
            query: One of its commands, with the subject as the user said it.
            looks: `next(looks)` waits for a frame that is newer than the one before; it ends when nobody wants the
                answer any more, and the generator is closed then.
        """

    def close(self) -> None:
        """Lets its models go, after a long time without a question or at the end; it may be asked again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a skill makes of one look."""

    phrases: tuple[Phrase, ...]
    """At least one sentence."""
    details: Mapping[str, Any]
    """What `look --json` prints beside them; a `Box` in it is printed as [left, top, width, height] in pixels."""


@runtime_checkable
class PictureSkill(Skill, Protocol):
    """A skill that has something to say of a single picture too; `answer` builds on `study`."""

    def study(self, query: Query, look: Look) -> Finding:
        """What there is to say of this look alone.

        Raises:
            AssistantError: it cannot be done, e.g. a package or a model is not installed; its phrase tells why.
        """

    def check(self) -> str:
        """That what it needs is here, with hashes checked, as a sentence for the doctor; loads nothing for long.

        Raises:
            AssistantError: something is missing or damaged.
        """


@runtime_checkable
class TextReader(Protocol):
    """Reads what is written in a picture."""

    def start(self) -> None:
        """Gets ready, and returns at once; otherwise the first picture waits for it."""

    def lines(self, pixels: Pixels) -> list[TextLine]:
        """Every line in a picture, in no order, also those that are read with little certainty.

        Args:
            pixels: uint8 (height, width, 3), RGB, of any size from 1x1 on.

        Raises:
            PartMissing, ModelMissing, ModelBroken: it lacks something.
            ReadingFailed: it was lost, took too long, or had too little memory; it may be asked again.
        """

    def check(self) -> str:
        """That what it needs for lines is here, hashes checked, as a sentence for the doctor.

        Raises:
            PartMissing, ModelMissing, ModelBroken: it lacks something.
        """

    def codes(self, pixels: Pixels) -> list[tuple[str, str]]:
        """Every QR code ("qr") and barcode ("ean13", "ean8", "upca") in a picture, with what stands in it.

        Raises:
            ReadingFailed: as above.
        """

    def close(self) -> None:
        """Lets go of what it holds; it may be asked again."""


@runtime_checkable
class Captioner(Protocol):
    """Describes a picture in sentences of its own, which may be wrong."""

    def caption(self, pixels: Pixels, wanted: Callable[[], bool]) -> Iterator[str]:
        """One sentence after the other, each as soon as it is known.

        Args:
            pixels: uint8 (height, width, 3), RGB.
            wanted: Whether the answer is still wanted; asked several times a second.

        Raises:
            CaptionerFailed: it cannot be reached, fails, or takes too long.
        """

    def check(self) -> str:
        """That it can be asked, as a sentence for the doctor.

        Raises:
            CaptionerFailed: it cannot.
        """


@runtime_checkable
class FaceDetector(Protocol):
    """Finds faces in a picture."""

    name: str

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first."""


@runtime_checkable
class ObjectDetector(Protocol):
    """Finds things in a picture."""

    name: str
    thresholds: Mapping[str, Thresholds]
    """By label, each that it may give: how firmly it may be said."""

    def detect(self, pixels: Pixels) -> list[Thing]:
        """All things in uint8 (height, width, 3) RGB of any size from 1x1 on, the most certain first."""


@runtime_checkable
class ExpressionClassifier(Protocol):
    """Reads the expression of cropped faces."""

    thresholds: Mapping[str, Thresholds]
    """By label: how firmly it may be said."""

    def classify(self, crops: NDArray[uint8]) -> NDArray[Any]:
        """Reads crops as `crop.py` makes them.

        Args:
            crops: uint8 (n, size, size), grey; n may be 0.

        Returns:
            float32 (n, 7), calibrated probabilities in the order of `EXPRESSIONS`, each row summing to 1.
        """


@runtime_checkable
class FaceRecognizer(Protocol):
    """Makes numbers of a face that are alike for one person and different for two."""

    model: str
    """The network, as "name@version": only embeddings of the same one can be compared."""
    size: int
    """Side of its crops, pixels."""
    matching: Matching
    """How alike two faces of one person are."""
    certain: Thresholds
    """How firmly a name may be said, by its probability."""

    def embed(self, crops: NDArray[uint8]) -> NDArray[float32]:
        """Reads aligned faces.

        Args:
            crops: uint8 (n, size, size, 3), RGB, as `alignment.py` lays them out; n may be 0.

        Returns:
            float32 (n, numbers), each row of length 1.
        """


class Cancelled(Protocol):
    """A token that says whether an utterance is still wanted; `threading.Event` is one."""

    def is_set(self) -> bool:
        """True from the moment it was cancelled, for ever."""


@runtime_checkable
class Voice(Protocol):
    """Says sentences; used by one thread."""

    @property
    def name(self) -> str:
        """How it is called in config.yaml; of several, the one in use."""

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks to the end, or until cancelled; returns then, in bounded time. An empty text opens the device only.

        Raises:
            SpeechError: it could not be made audible.
        """

    def close(self) -> None:
        """Silence, within 0.5 s."""


@runtime_checkable
class Sounds(Protocol):
    """Plays short sounds beside the voice."""

    def play(self, cue: Cue) -> None:
        """Plays it as soon as it can be heard, from any thread; never waits for a device.

        Args:
            cue: Its name is one of `assistant.speech.earcons.NAMES`.
        """


class Control(Protocol):
    """What a trigger may do; every method may be called from any thread and returns at once."""

    def press(self, source: str) -> None:
        """A key or button that reports its release went down."""

    def release(self, source: str) -> None:
        """It went up, or the key of a verb that was held did."""

    def hold(self, verb: str, source: str) -> Mapping[str, Any]:
        """The key of a verb that was asked is held down: what goes on for as long begins; others take no notice."""

    def ask(self, verb: str, source: str, about: str = "") -> Mapping[str, Any]:
        """A direct verb, with its subject where it takes one; gives what the control socket answers: {"ok": True}."""


@runtime_checkable
class Trigger(Protocol):
    """A key, a button or a socket, served by a thread of its own."""

    name: str

    def open(self) -> None:
        """Prepares it.

        Raises:
            TriggerError: it cannot be used.
        """

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Waits for presses and passes them on until `stopped()`; looks at it at least every 0.2 s."""

    def close(self) -> None:
        """Restores what it changed (terminal modes, socket files)."""
