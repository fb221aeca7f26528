"""No password of a camera's address is told, however it is written."""

import pytest

from assistant.addresses import without_secrets
from assistant.devices.cameras import camera
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.errors import AssistantError, CameraError, ConfigError, UnknownName

PASSWORDS = (
    *("secret", "se@cret", "se/cret", "/secret", "secret/", "se:cret", "%40secret%2F", "sécrèt-секрет-秘密", "se?cret"),
    *("se#cret", "secret@/@:", "//secret", 'se"cret', "se'cret", "8080/secret", "secret@1.2.3.4/a", "secret@b:80/x"),
)


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("scheme", ["rtsp", "HTTP", "rtmp", "custom+x"])
def test_user_and_password_are_left_out(scheme: str, password: str) -> None:
    address = f"{scheme}://anna:{password}@192.168.1.5:554/live"
    text = without_secrets(f"WARNING camera: {address} is no camera that gives pictures.")
    assert text == f"WARNING camera: {scheme}://192.168.1.5:554/live is no camera that gives pictures."
    assert without_secrets(f'There is no camera called "{address}".') == (
        f'There is no camera called "{scheme}://192.168.1.5:554/live".'
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("http://anna:secret@", "http://"),
        ("http://anna:secret", "http://"),
        ("http://anna:secret/video", "http://"),
        ("http://:secret@host/video", "http://host/video"),
        ("http://token@host/video", "http://host/video"),
        ("http://anna:my secret@host/video", "http://host/video"),
        ("http://anna:secret@[fe80::1]:80/video", "http://[fe80::1]:80/video"),
        ("anna:secret@192.168.1.5/video", "192.168.1.5/video"),
        ("http://host/video?user=anna&password=secret&fps=5", "http://host/video?user=anna&password=***&fps=5"),
        ("http://host/v?loginuse=anna&loginpas=secret", "http://host/v?loginuse=anna&loginpas=***"),
        ("http://host/v?access_token=secret#x", "http://host/v?access_token=***#x"),
        ("http://host/v?API-Key=secret", "http://host/v?API-Key=***"),
    ],
)
def test_what_else_is_secret(written: str, told: str) -> None:
    assert without_secrets(f"{written} does not answer.") == f"{told} does not answer."


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:9/video is no camera that gives pictures. Check its address.",
        "http://[::1]:8080/video?fps=5&size=640",
        "rtsp://camera.local/live",
        "There is no file /home/anna/12:30@home.png.",
        "[mjpeg @ 0x55d0] overread 8",
        "INFO assistant.app: answer nobody played",
        "config.yaml: Line 3: verbosity must be one of quiet, brief.",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("password", PASSWORDS)
def test_names_and_errors_of_cameras(password: str) -> None:
    address = f"http://anna:{password}@127.0.0.1:9/video"
    made = OpenCVCamera(address, timeout_s=0.2)
    assert made.name == "http://127.0.0.1:9/video"
    with pytest.raises(CameraError) as caught:
        made.open()
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize("source", ["anna:secret@host/video", "ftp://anna:secret@host/a", "rtsp://anna:my secret@h"])
def test_sources_that_are_none(source: str) -> None:
    with pytest.raises(AssistantError) as caught:
        camera(source)
    assert "secret" not in str(caught.value)


def test_every_error_keeps_it() -> None:
    address = "rtsp://anna:se/cr@et@host"
    for error in (
        AssistantError(f"{address} is wrong.", f"Try {address}."),
        ConfigError("a.yaml", [f"Line 1: {address}."]),
        UnknownName("camera", address, ["auto"]),
    ):
        assert "anna" not in f"{error} {error.args} {vars(error)}"
