"""What may be heard: the sentences of the checks, sentences that sound like them, and nonsense.

The recogniser chooses among them, so that what was not said has something better to be taken for.
"""

HAPPY = "the person in front of you looks happy"
READY = "assistant ready"
BACK = "sound is back"
MISSED = "one announcement was missed"
FAILED = "the voice pyttsx three"
"""That it failed is said next."""
DISCLOSED = "no picture is stored and nothing leaves the device"
"""The end of the longest sentence."""

PRONOUNCED = {"pyttsx": "P IH T S K S"}
"""Words that the recogniser does not know, as espeak says them."""

_LONG = (
    "this is an assistant for a person who cannot see",
    "its camera looks for faces and expressions and where people are",
    "it knows people by name who agreed to be remembered",
    DISCLOSED,
)
"""May be cut off after any word."""
CONSENT = "press to confirm when ana agrees"
AHEAD, LEFT, RIGHT = "face the camera", "turn a little to the left", "turn a little to the right"
LEARNT = "ana is learnt"
"""How well is said next."""
NAMED = "ana is in front of you"
"""Where the head faces is said next."""
_LEARNING = (
    "ana may i remember your face on this device",
    "only numbers are kept [no picture]",
    CONSENT,
    AHEAD,
    LEFT,
    RIGHT,
    "turn to the other side",
    "move your head a little",
    "turn more towards the camera",
    "then i remember nobody",
    f"{LEARNT} [[but not] well]",
    "[but not well] i did not see the face turned to the (left | right) [and turned to the right] [learn again]",
    "learn again",
    "i saw too little to learn from",
    f"{NAMED} [facing you]",
    "somebody i do not know is in front of you",
    "it may be ana in front of you",
    "ana looks (happy | sad | angry | surprised | neutral)",
)
_EXPECTED = (HAPPY, READY, BACK, MISSED, f"{FAILED} failed", "i go on with this one")
_ALIKE = (
    "the person in front of you looks sad",
    "the person in front of you looks angry",
    "the person in front of you looks surprised",
    "the person in front of you may be happy i am not sure",
    "the person on your left looks happy",
    "the person on your right looks happy",
    "i see a face but cannot tell the expression",
    "the voice speech dispatcher failed",
    "two announcements were missed",
    "no camera is connected",
    "the camera is back",
    "nobody in view",
    "something went wrong",
)
_NONSENSE = (
    "one two three four five",
    "good bye",
    "the weather will be fine tomorrow",
    "please close the window",
    "my uncle sells green apples",
    "turn round and walk home",
)


def jsgf() -> str:
    """The grammar: any number of sentences, one after the other."""
    sentences = [*map(_cut_anywhere, _LONG), *_EXPECTED, *_LEARNING, *_ALIKE, *_NONSENSE]
    alternatives = " | ".join(f"({sentence})" for sentence in sentences)
    return f"#JSGF V1.0; grammar said; <one> = {alternatives}; public <said> = <one>+;"


def _cut_anywhere(sentence: str) -> str:
    """A sentence of which any end may be missing, but not its first two words."""
    first, second, *others = sentence.split()
    rest = ""
    for word in reversed(others):
        rest = f"[{word} {rest}]".replace(" ]", "]")
    return f"{first} {second} {rest}"
