"""One voice steps in for another."""

from threading import Event

import pytest

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.fallback import RETRY_S, FallbackVoice
from assistant.speech.silent import SilentVoice

HELLO = Utterance("Hello.", "en")


class Voice(SilentVoice):
    """A voice that can fail."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.works = True
        self.tries = 0
        self.closed = False

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        self.tries += 1
        if not self.works:
            raise SpeechError(f"{self.name} is broken.")
        super().speak(utterance, cancelled)

    def close(self) -> None:
        self.closed = True

    @property
    def texts(self) -> list[str]:
        return [utterance.text for utterance in self.said]


class Choir:
    """Three voices in a row and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.first, self.second, self.third, self.last = (Voice(name) for name in ("a", "b", "c", "last"))
        self.voice = FallbackVoice(
            engines=[self.first, self.second, self.third],
            last=self.last,
            words=lambda announcement: (
                Utterance(f"{announcement.message} {announcement.phrases[0].facts['engine']}.", "en"),
            ),
            clock=lambda: self.now,
        )

    def say(self, text: str = "Hello.") -> None:
        self.voice.speak(Utterance(text, "en"), Event())


@pytest.fixture
def choir() -> Choir:
    return Choir()


def test_the_first_voice_speaks(choir: Choir) -> None:
    choir.say()
    assert choir.first.texts == ["Hello."]
    assert choir.second.texts == choir.last.texts == []
    assert choir.voice.name == "a"


def test_the_next_voice_says_the_sentence_and_tells_once_which_failed(choir: Choir) -> None:
    choir.first.works = False
    choir.say()
    choir.say("Again.")
    assert choir.second.texts == ["Hello.", "engine_failed a.", "Again."]
    assert choir.voice.name == "b"
    assert choir.first.tries == 1


def test_a_voice_that_failed_is_tried_again_later_and_told_again_when_it_fails_after_it_worked(choir: Choir) -> None:
    choir.first.works = False
    choir.say()
    choir.now = RETRY_S + 1
    choir.say("Still.")
    assert choir.second.texts == ["Hello.", "engine_failed a.", "Still."]
    choir.first.works = True
    choir.now += RETRY_S + 1
    choir.say("Back.")
    assert choir.first.texts == ["Back."]
    choir.first.works = False
    choir.say("Gone.")
    assert choir.second.texts[-2:] == ["Gone.", "engine_failed a."]


def test_two_failures_are_both_told(choir: Choir) -> None:
    choir.first.works = choir.second.works = False
    choir.say()
    assert choir.third.texts == ["Hello.", "engine_failed a.", "engine_failed b."]


def test_when_none_can_be_heard_the_last_keeps_the_sentence_and_the_caller_knows(choir: Choir) -> None:
    for voice in (choir.first, choir.second, choir.third):
        voice.works = False
    with pytest.raises(SpeechError, match=r"No voice.*a is broken"):
        choir.say()
    assert choir.last.texts == ["Hello."]
    assert choir.voice.name == "last"


def test_after_an_outage_of_all_the_best_is_tried_first_without_waiting(choir: Choir) -> None:
    for voice in (choir.first, choir.second, choir.third):
        voice.works = False
    with pytest.raises(SpeechError):
        choir.say()
    choir.first.works = choir.second.works = True
    choir.say("Back.")
    assert choir.first.texts == ["Back."]
    assert choir.second.texts == []


def test_what_was_cancelled_is_not_followed_by_news_of_failures(choir: Choir) -> None:
    cancelled = Event()
    choir.first.works = False
    speak = choir.second.speak

    def cut(utterance: Utterance, token: Cancelled) -> None:
        speak(utterance, token)
        cancelled.set()

    choir.second.speak = cut  # type: ignore[method-assign]
    choir.voice.speak(HELLO, cancelled)
    assert choir.second.texts == ["Hello."]
    choir.second.speak = speak  # type: ignore[method-assign]
    choir.say("Next.")
    assert choir.second.texts == ["Hello.", "Next.", "engine_failed a."]


def test_closing_closes_all(choir: Choir) -> None:
    choir.voice.close()
    assert all(voice.closed for voice in (choir.first, choir.second, choir.third, choir.last))


def _raise(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("error", [ZeroDivisionError("1/0"), KeyError("voice"), SystemExit(3), OSError("gone")])
def test_whatever_a_voice_raises_the_next_one_says_the_sentence(choir: Choir, error: BaseException) -> None:
    choir.first.speak = lambda utterance, cancelled: _raise(error)  # type: ignore[method-assign]
    choir.say()
    assert choir.second.texts == ["Hello.", "engine_failed a."]


@pytest.mark.parametrize("answer", [False, "done", 0])
def test_a_voice_that_answers_where_no_answer_is_expected_is_not_believed(choir: Choir, answer: object) -> None:
    choir.first.speak = lambda utterance, cancelled: answer  # type: ignore[method-assign, assignment, return-value]
    choir.say()
    assert choir.second.texts == ["Hello.", "engine_failed a."]


def test_a_voice_that_could_not_be_made_is_told_by_the_first_that_speaks() -> None:
    voice = Voice("a")
    FallbackVoice(
        engines=[voice],
        last=SilentVoice(),
        words=lambda announcement: (Utterance(f"engine_failed {announcement.phrases[0].facts['engine']}.", "en"),),
        broken=["mine"],
    ).speak(HELLO, Event())
    assert voice.texts == ["Hello.", "engine_failed mine."]


def test_without_any_voice_the_last_keeps_the_sentence() -> None:
    last = Voice("last")
    voice = FallbackVoice(engines=[], last=last, words=lambda announcement: HELLO, broken=["mine"])
    with pytest.raises(SpeechError, match="No voice"):
        voice.speak(HELLO, Event())
    assert (voice.name, last.texts) == ("last", ["Hello."])


def test_a_damaged_phrase_for_a_failure_does_not_make_the_sentence_unsaid(choir: Choir) -> None:
    choir.first.works = False
    second = Voice("b")
    FallbackVoice(engines=[choir.first, second], last=choir.last, words=lambda announcement: {}[announcement]).speak(
        HELLO, Event()
    )
    assert second.texts == ["Hello."]


def test_closing_goes_on_when_one_raises(choir: Choir) -> None:
    choir.first.close = lambda: _raise(SystemExit(3))  # type: ignore[method-assign]
    choir.voice.close()
    assert choir.second.closed
    assert choir.last.closed
