"""For every test: nothing of this machine's settings is seen, and hypothesis has time on a busy machine."""

import os

import pytest
from hypothesis import settings

from assistant.devices.opencv_quiet import quiet

quiet()  # OpenCV reads how loud its FFmpeg is when it opens its first video, which may be a test's own
settings.register_profile("assistant", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("assistant")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives each test empty folders where the program looks for settings and models and keeps its socket."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path_factory.mktemp(variable.lower(), numbered=True)))
    monkeypatch.delenv("ASSISTANT_CONFIG", raising=False)
    monkeypatch.setattr("assistant.config.SYSTEM", tmp_path_factory.mktemp("etc") / "config.yaml")
