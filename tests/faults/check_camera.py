"""Cameras that go, hang, lie, or are slow: an MJPEG camera on the loopback that does so on demand."""

from threading import Thread
from time import sleep

from tests.e2e.program import Running
from tests.faults.conftest import Start, Watch, until
from tests.faults.stand_in import StandIn, cover, room, smile
from tests.faults.table import fault


def on(camera: StandIn) -> dict[str, object]:
    return {"camera": {"source": camera.url}}


def answers(house: Running, message: str) -> bool:
    return bool(house.ask("now")["message"] == message)


@fault(
    "The camera goes",
    how="the stand-in hangs up and refuses, for 4 s",
    said=("camera_lost", "camera_back"),
    told_s=5,
    well_s=15,
)
def test_a_camera_that_goes(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        camera.absent = True
        watch.begin()
        watch.told(lambda: "camera_lost" in house.messages(), house.events)
        sleep(4)
        camera.absent = False
        watch.begin()
        watch.well(lambda: "camera_back" in house.messages() and answers(house, "nobody"), house.events)
        assert house.messages().count("camera_lost") == 1


@fault(
    "The camera hangs",
    how="the stand-in keeps the connection and sends nothing, for 8 s",
    said=("camera_lost", "camera_back"),
    told_s=8,
    well_s=20,
)
def test_a_camera_that_hangs(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        camera.silent = True
        watch.begin()
        watch.told(lambda: "camera_lost" in house.messages(), house.events)
        assert not answers(house, "nobody")
        camera.silent = False
        watch.begin()
        watch.well(lambda: "camera_back" in house.messages() and answers(house, "nobody"), house.events)


@fault(
    "The picture stands still",
    how="the stand-in repeats one JPEG",
    said="camera_frozen",
    told_s=10,
    well_s=15,
)
def test_a_picture_that_stands_still(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        before = camera.connections
        camera.frozen = True
        watch.begin()
        watch.told(lambda: "camera_frozen" in house.messages(), house.events)
        assert not answers(house, "nobody")
        until(lambda: camera.connections > before)
        sleep(4)
        assert not answers(house, "nobody")
        told = [
            event for event in house.events() if event["message"] == "camera_frozen" and event["urgency"] == "alert"
        ]
        assert len(told) == 1, told
        camera.frozen = False
        watch.begin()
        watch.well(lambda: answers(house, "nobody"), house.events)


@fault(
    "The camera is slow",
    how="the stand-in sends 0.9 pictures a second, with a face in each; twelve questions",
)
def test_a_slow_camera(start: Start, camera: StandIn) -> None:
    camera.film = smile()
    with start(**on(camera)) as house:
        until(lambda: answers(house, "expression_sure"))
        camera.fps = 0.9
        sleep(2)
        answered = []
        for _ in range(12):
            answered.append(house.ask("now")["message"])
            sleep(0.4)
        assert "nobody" not in answered + house.messages()


@fault(
    "A gap without pictures",
    how="the stand-in sends nothing for 2 s, with a person in front before and after",
)
def test_a_gap_without_pictures(start: Start, camera: StandIn) -> None:
    camera.film = smile()
    with start(**on(camera)) as house:
        until(lambda: "expression_sure" in house.messages(), house.events)
        camera.silent = True
        sleep(2)
        camera.silent = False
        sleep(6)
        assert house.messages().count("expression_sure") == 1  # Another person would be told.
        assert answers(house, "expression_sure")


@fault(
    "A lens is covered",
    how="the stand-in shows darkness from one picture to the next",
    said="covered",
    told_s=8,
    well_s=8,
)
def test_a_lens_is_covered(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        camera.film = cover()
        watch.begin()
        sleep(0.6)  # The picture on its way.
        seen = []
        watch.told(lambda: seen.append(house.ask("now")["message"]) or "covered" in house.messages(), house.events)
        assert "nobody" not in seen
        camera.begin(room())
        watch.begin()
        watch.well(lambda: answers(house, "nobody"), house.events)


@fault(
    "A camera warms up",
    how="the stand-in is dark for its first 2 s",
)
def test_a_camera_that_warms_up(start: Start, camera: StandIn) -> None:
    camera.warms_s = 2.0
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        sleep(1)
        assert "covered" not in house.messages()


def _blip(camera: StandIn, times: int) -> None:
    for _ in range(times):
        camera.absent = True
        sleep(0.3)
        camera.absent = False
        sleep(2.7)


@fault(
    "The camera comes and goes",
    how="the stand-in hangs up for 0.3 s, ten times, every 3 s",
    said="camera_unsteady",
    told_s=40,
    well_s=10,
)
def test_a_camera_that_comes_and_goes(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        blips = Thread(target=_blip, args=(camera, 10))
        blips.start()
        watch.begin()
        try:
            watch.told(lambda: "camera_unsteady" in house.messages(), house.events)
        finally:
            blips.join()
        alerts = [event for event in house.events() if event["urgency"] == "alert"]
        assert len(alerts) <= 6, alerts
        watch.begin()
        watch.well(lambda: answers(house, "nobody"), house.events)


@fault(
    "A blip after an outage",
    how="the stand-in is away for 10 s, and an instant later once more for 0.3 s",
    well_s=6,
)
def test_a_blip_after_an_outage(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        camera.absent = True
        sleep(10)
        camera.absent = False
        until(lambda: answers(house, "nobody"), house.events)
        sleep(3)
        camera.absent = True
        sleep(0.3)
        before = camera.connections
        camera.absent = False
        watch.begin()
        watch.well(lambda: camera.connections > before and answers(house, "nobody"), house.events)


@fault(
    "An address does not answer",
    how="the settings name a port where nobody listens",
    said="camera_no_answer",
    told_s=15,
)
def test_an_address_that_does_not_answer(start: Start, watch: Watch) -> None:
    with start(camera={"source": "http://127.0.0.1:9/video"}) as house:
        watch.told(lambda: set(watch.row.said) <= set(house.messages()), house.events)
        assert "camera_absent" not in house.messages()  # There is one, only it does not answer.
        assert answers(house, "cannot_see")


@fault(
    "There is no camera",
    how="the settings name camera 97",
    said="camera_absent",
    told_s=10,
)
def test_there_is_no_camera(start: Start, watch: Watch) -> None:
    with start(camera={"source": "97"}) as house:
        watch.told(lambda: "camera_absent" in house.messages(), house.events)
        assert answers(house, "cannot_see")


@fault(
    "What a camera sends is no picture",
    how="the stand-in sends noise in place of JPEGs for 5 s",
    said=("camera_lost", "camera_back"),
    told_s=10,
    well_s=20,
)
def test_a_camera_that_sends_rubbish(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(**on(camera)) as house:
        until(lambda: answers(house, "nobody"))
        camera.film = [bytes(range(256)) * 40]
        watch.begin()
        watch.told(lambda: "camera_lost" in house.messages(), house.events)
        camera.begin(room())
        watch.begin()
        watch.well(lambda: "camera_back" in house.messages() and answers(house, "nobody"), house.events)
