"""What is told of a camera that is lost and found, and when it is tried again."""

from collections.abc import Iterator

from assistant.domain.outages import LASTED_S, RETRY_S, UNSTEADY, WELL_S, Outages


class Watched:
    """Outages on a clock of its own; what is told, with its time."""

    def __init__(self) -> None:
        self.outages = Outages()
        self.told: list[str] = []
        self.at = 0.0

    def lost(self, cause: str = "camera_lost") -> None:
        self.told += _given(self.outages.lost(cause, self.at))
        self.at += 0.3

    def seen(self, seconds: float) -> None:
        for _ in range(int(seconds * 10)):
            self.told += _given(self.outages.seen(self.at))
            self.at += 0.1


def _given(news: str | None) -> Iterator[str]:
    if news:
        yield news


def test_a_loss_is_told_at_once_and_the_return_when_it_has_lasted() -> None:
    camera = Watched()
    camera.seen(5)
    camera.lost()
    assert camera.told == ["camera_lost"]
    camera.seen(LASTED_S / 2)
    assert camera.told == ["camera_lost"]
    camera.seen(LASTED_S)
    assert camera.told == ["camera_lost", "camera_back"]


def test_what_follows_from_a_loss_is_not_told_but_another_cause_is() -> None:
    camera = Watched()
    camera.seen(5)
    for cause in ("camera_lost", "camera_no_answer", "camera_absent", "camera_denied", "camera_denied", "camera_lost"):
        camera.lost(cause)
    assert camera.told == ["camera_lost", "camera_denied"]


def test_what_comes_and_goes_is_told_once_until_it_has_been_well() -> None:
    camera = Watched()
    for _ in range(20):
        camera.seen(3)
        camera.lost()
    assert camera.told == ["camera_lost", "camera_back"] * (UNSTEADY - 1) + ["camera_unsteady"]
    assert camera.outages.losses == 20
    camera.seen(WELL_S + 1)
    assert camera.told[-1] == "camera_back"
    camera.lost()
    assert camera.told[-1] == "camera_lost"


def test_rare_losses_are_each_told() -> None:
    camera = Watched()
    for _ in range(5):
        camera.seen(40)
        camera.lost()
    assert camera.told.count("camera_lost") == 5


def test_the_pause_grows_and_begins_anew_when_it_has_been_well() -> None:
    camera = Watched()
    pauses = []
    for _ in range(6):
        camera.lost()
        pauses.append(camera.outages.pause_s)
    assert pauses == [*RETRY_S, RETRY_S[-1], RETRY_S[-1]]
    camera.seen(LASTED_S + 0.2)
    camera.lost()
    assert camera.outages.pause_s == RETRY_S[0]


def test_after_the_camera_was_switched_off_a_loss_is_told_again() -> None:
    camera = Watched()
    camera.lost()
    camera.outages.switched_off()
    camera.lost()
    assert camera.told == ["camera_lost"] * 2
