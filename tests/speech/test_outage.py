"""The queue, the voices and the player together, while the sound server dies and comes back."""

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from assistant.domain.values import Outcome, Urgency, announce
from assistant.speech.espeak import EspeakVoice
from assistant.speech.fallback import FallbackVoice
from assistant.speech.phrases import Phrases
from assistant.speech.player import Player
from assistant.speech.queue import SpeechQueue
from assistant.speech.silent import SilentVoice
from assistant.speech.style import Style
from tests.speech.sound import Loudspeaker

HANG_S = 30.0


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_server_dies_in_mid_sentence_and_its_return_is_told(ear: Loudspeaker, player: Player) -> None:
    phrases, outcomes, stopped = Phrases(), [], Event()
    last = SilentVoice()
    speaker = FallbackVoice(
        engines=[EspeakVoice(player=player, style=partial(Style, rate_wpm=300))], last=last, words=phrases.words
    )
    queue = SpeechQueue(
        speaker,
        phrases.words,
        lambda announcement: True,
        lambda announcement, text, outcome: outcomes.append((announcement.message, outcome)),
        time.monotonic,
        phrases.spelled,
    )
    serving = Thread(target=queue.serve, args=(stopped.is_set,))
    serving.start()
    queue.put(announce("disclose"))
    _until(ear.sounds)
    ear.stop()
    _until(lambda: ("disclose", Outcome.DROPPED) in outcomes)
    queue.put(announce("camera_lost", urgency=Urgency.ALERT))
    queue.put(announce("nobody"))
    _until(lambda: ("nobody", Outcome.DROPPED) in outcomes)
    ear.start()
    back = ear.now
    queue.put(announce("camera_back", urgency=Urgency.ANSWER))
    _until(lambda: ("camera_back", Outcome.PLAYED) in outcomes)
    stopped.set()
    serving.join(HANG_S)
    speaker.close()
    played = [message for message, outcome in outcomes if outcome is Outcome.PLAYED]
    assert played == ["sound_back", "camera_lost", "camera_back"]
    assert "Two announcements were missed." in queue.history()[0].utterances[0].text
    assert "disclose" not in [spoken.announcement.message for spoken in queue.history()]
    assert ear.sounds()[-1][1] > back + 2
    assert last.said
