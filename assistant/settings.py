"""What can be set in config.yaml, with its default, its range and its unit; `assistant.config` reads the file.

A name of a camera, detector, sense, engine or trigger is checked where it is looked up, because other packages may add
some.
"""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

Word = Annotated[str, Meta(min_length=1)]
Expression = Literal["angry", "disgust", "fear", "happy", "sad", "surprise"]
Topic = Literal["expressions", "people", "light"]
Earcon = Literal[
    "click", "person", "gone", "neutral", "notice", "camera_on", "camera_off", "fault", "tick", "beacon", "light"
]
KeyName = Annotated[str, Meta(pattern="^(?:KEY|BTN)_[A-Z0-9_]+$", extra={"means": "the name of a key, like KEY_SPACE"})]
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$", extra={"means": 'a language, like "en"'})]
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
Hours = Annotated[
    str,
    Meta(
        pattern=f"^(?:{_CLOCK}-{_CLOCK})?$",
        extra={"means": 'two times of day, like "22:00-07:00", or "" for never'},
    ),
]


class Camera(Struct, frozen=True):
    """Where the pictures come from."""

    source: Word = "auto"
    """"auto" (the first that gives a picture), "demo", "picamera2", the number of a camera, the path of a device, a
    URL, or the path of a picture, a folder or a video."""
    width: Annotated[int, Meta(ge=160, le=3840)] = 640
    """Asked of the camera, which may give another: pixels."""
    height: Annotated[int, Meta(ge=120, le=2160)] = 480
    """Asked of the camera: pixels."""
    fps: Annotated[int, Meta(ge=1, le=60)] = 15
    """Asked of the camera: frames a second."""
    rotate: Literal[0, 90, 180, 270] = 0
    """Turn of the picture: degrees clockwise."""
    mirror: bool = False
    """Whether left and right are swapped, after the turn."""
    field_of_view: Annotated[float, Meta(ge=20, le=150)] | None = None
    """How much the camera sees from the left edge of the picture to the right: degrees. null where it is not known:
    then 60 is assumed, and of distances only near and far are told."""
    loop: bool = False
    """Whether pictures and videos begin again at their end."""
    light_pin: Annotated[int, Meta(ge=0, le=27)] | None = None
    """Number of the pin of a lamp for bystanders, lit exactly while the camera is open; null for no lamp."""


class Faces(Struct, frozen=True):
    """How faces are found."""

    detector: Word = "auto"
    """"auto" (our own finder), "finder", "yunet", "haar" (docs/detectors.md compares
    them), or the name of an installed one."""


class Things(Struct, frozen=True):
    """How things are found, when somebody asks."""

    detector: Word = "auto"
    """"auto" (the better of those that are installed), "yolox", "ssd" (docs/things.md compares them), or one of another
    package."""


class Beliefs(Struct, frozen=True):
    """When a guess becomes a belief, and when a belief ends."""

    settle_s: Annotated[float, Meta(ge=0.3, le=10)] = 1.2
    """How long an expression has to last before it is believed: seconds (and three frames at least)."""
    lost_s: Annotated[float, Meta(ge=0.1, le=5)] = 0.5
    """How long a face may be missed without being lost: seconds."""


class Announce(Struct, frozen=True):
    """What is told unasked, and how often."""

    per_person_s: Annotated[float, Meta(ge=0, le=3600)] = 20.0
    """At most one volunteered expression per person in this time: seconds."""
    per_minute: Annotated[int, Meta(ge=1, le=60)] = 2
    """At most so many volunteered sentences in any minute."""
    stale_s: Annotated[float, Meta(ge=0.5, le=60)] = 2.5
    """A volunteered sentence that waited longer is dropped: seconds."""
    expressions: tuple[Expression, ...] = ("happy", "sad", "surprise", "angry")
    """Expressions that are volunteered; the others are told when asked."""
    topics: tuple[Topic, ...] = get_args(Topic)
    """What is told unasked at all: how people look, who comes and goes, when there is no light to see by."""
    strangers: bool = True
    """Whether people whom the program does not know are told as such, once it knows somebody by name."""
    quiet_hours: Hours = ""
    """When nothing is volunteered: two times of day, local; empty for never."""
    tick_minutes: Annotated[int, Meta(ge=0, le=240)] = 0
    """A soft sound as a sign of life every so many minutes; 0 for never."""


class Speech(Struct, frozen=True):
    """The voice and where it is heard."""

    engine: Word = "auto"
    """"auto" (the order in voices/<language>/voice.yaml), "espeak", "speech-dispatcher", "pyttsx3", "wav", "silent", or
    an installed one."""
    voice: str = ""
    """A voice of the engine, e.g. "en-us"; empty for the one in voices/<language>/voice.yaml."""
    rate_wpm: Annotated[int, Meta(ge=0, le=700)] = 0
    """Speed: words a minute, from 80 on; 0 for the one in voices/<language>/voice.yaml."""
    pitch: Annotated[int, Meta(ge=0, le=100)] = 50
    """0 low to 100 high."""
    volume: Annotated[int, Meta(ge=0, le=100)] = 100
    """Loudness: percent."""
    device: Word = "auto"
    """"auto" (the system's choice), or part of the name of a sound device."""
    keep_awake_s: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    """How long the sound device is kept open after a sentence: seconds; 0 for always."""
    punctuation: bool = False
    """Whether punctuation marks are named."""
    earcons: tuple[Earcon, ...] = get_args(Earcon)
    """Short sounds that are played beside the speech; [] for none."""

    def __post_init__(self) -> None:
        """Refuses a speed at which nobody can speak."""
        if 0 < self.rate_wpm < 80:
            raise ValueError("rate_wpm must be 0 or from 80 to 700")


class Evdev(Struct, frozen=True):
    """Keyboards, keypads and headset keys, read from /dev/input."""

    press: tuple[KeyName, ...] = ("KEY_SPACE", "KEY_ENTER", "KEY_KPENTER")
    """Names of the keys that ask, as `evtest` shows them. Keys for writing count only in the machine's own service, or
    where `triggers` names evdev: on a desktop every space would ask."""
    grab: bool = False
    """Whether the keyboards that have such a key are taken away from every other program."""


class Gpio(Struct, frozen=True):
    """A button between a pin of a Raspberry Pi and ground."""

    pin: Annotated[int, Meta(ge=0, le=27)] | None = None
    """Number of the pin, as in "GPIO17"; null for no button."""
    bounce_s: Annotated[float, Meta(ge=0, le=1)] = 0.05
    """Presses that follow one another faster than this are one press: seconds."""


class Keys(Struct, frozen=True):
    """What can be pressed."""

    evdev: Evdev = Evdev()
    gpio: Gpio = Gpio()


class Logging(Struct, frozen=True):
    """What the log keeps."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important message that is logged."""
    sentences: bool = False
    """Whether the words that were spoken are logged."""


class Captioner(Struct, frozen=True):
    """What describes pictures, on this machine: an OpenAI-compatible server with a vision-language model."""

    socket: str = ""
    """Path of the server's unix socket; empty for none."""
    model: str = ""
    """Which of its models; empty for the one that it has."""
    deadline_s: Annotated[float, Meta(ge=1, le=120)] = 20.0
    """How long its answer may take: seconds."""


class Settings(Struct, frozen=True):
    """Everything in config.yaml."""

    tour: bool = True
    """Whether the program explains itself, in about a minute, the first time it runs."""
    language: Language = "en"
    """The folder in voices/."""
    verbosity: Literal["quiet", "brief", "normal", "detailed"] = "normal"
    """How much is said unasked: nothing, a word, a sentence, or everything that is seen."""
    sound: Literal["speech", "beeps", "off"] = "speech"
    """Sentences and short sounds, short sounds only, or nothing."""
    place: Literal["side", "clock"] = "side"
    """How places are told: left, ahead and right, or hours of a clock of which twelve is ahead."""
    context: Literal["home", "work", "school"] = "home"
    """At work and at school expressions are not told."""
    senses: tuple[Word, ...] = ("faces", "light")
    """What looks at the pictures."""
    skills: tuple[Word, ...] = ("scene", "read", "things", "light", "colour", "codes")
    """What answers questions that take longer."""
    triggers: tuple[Word, ...] = ("auto",)
    """What is listened to: "auto" (all that exist here), or some of "terminal", "evdev", "gpio", "socket"."""
    camera: Camera = Camera()
    faces: Faces = Faces()
    things: Things = Things()
    beliefs: Beliefs = Beliefs()
    announce: Announce = Announce()
    speech: Speech = Speech()
    keys: Keys = Keys()
    captioner: Captioner = Captioner()
    logging: Logging = Logging()
