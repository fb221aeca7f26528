"""`assistant models` as a process of its own: what it prints, its exit codes, and how it is broken off."""

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from assistant import weights
from tests.test_fetch import CONTENT, describe, partial
from tests.web import Answer, certificate, needs_openssl, serving, web, without_ranges

HANG_S = 60.0
"""Nothing takes nearly as long on a busy machine, unless it never ends (seconds)."""


class Shop:
    """A folder of models of the user's own, and the environment in which the program is started."""

    def __init__(self, folder: Path) -> None:
        self.models = folder / "models"
        self.certificate = certificate(folder)
        proxies = ("http_proxy", "https_proxy", "all_proxy")
        kept: Mapping[str, str] = {key: text for key, text in os.environ.items() if key.lower() not in proxies}
        self.environment = kept | {
            "ASSISTANT_MODELS": str(self.models),
            "XDG_DATA_HOME": str(folder / "data"),
            "SSL_CERT_FILE": str(self.certificate),
        }

    def start(self, *words: str, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "assistant", "models", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen(command, env=self.environment, text=True, **pipes)  # type: ignore[call-overload,no-any-return]

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        process = self.start(*words)
        out, err = process.communicate(timeout=HANG_S)
        return process.returncode, out, err


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_each_model_is_listed_in_one_line_with_size_and_terms() -> None:
    command = [sys.executable, "-m", "assistant", "models", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert sorted(lines) == weights.names()
    assert re.fullmatch(r"yunet \S+: not installed, recommended; 0\.2 MB; MIT\. Finds faces .*\)\.", lines["yunet"])
    assert re.match(r"expression \S+: installed; 1\.5 MB; Apache-2\.0", lines["expression"])
    assert ".," not in done.stdout


@needs_openssl
def test_a_model_is_fetched_with_plain_per_cents_and_then_left(shop: Shop) -> None:
    with web(serving(CONTENT), shop.certificate) as (address, asked):
        describe(shop.models / "tiny", f"{address}/tiny.bin")
        code, out, err = shop.run("install", "tiny")
        assert (code, out) == (0, f"tiny: installed as {shop.models}/tiny/tiny.bin\n")
        assert err.splitlines()[-1] == "tiny: 100 per cent"
        assert all(re.fullmatch(r"tiny: \d+ per cent", line) for line in err.splitlines())
        code, out, err = shop.run("install", "tiny")
        assert (code, out, err) == (0, f"tiny: installed already as {shop.models}/tiny/tiny.bin\n", "")
        (shop.models / "tiny" / "tiny.bin").write_bytes(CONTENT[:-1])
        assert shop.run("install", "tiny")[0] == 0
    assert len(asked) == 2
    assert (shop.models / "tiny" / "tiny.bin").read_bytes() == CONTENT


@needs_openssl
def test_on_a_terminal_a_bar_is_shown(shop: Shop) -> None:
    ours, theirs = pty.openpty()
    with web(without_ranges(CONTENT, pause_s=0.005), shop.certificate) as (address, _):
        describe(shop.models / "tiny", f"{address}/tiny.bin")
        process = shop.start("install", "tiny", stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 1000):
                shown += data
        except OSError:  # the other end is closed
            pass
        assert process.wait(HANG_S) == 0
        process.communicate()
    assert re.search(r"\rtiny:\s+\d+%\|.*\|.*B/s", shown.decode())
    assert "100%" in shown.decode()


@needs_openssl
@pytest.mark.parametrize(("answer", "said"), [(serving(bytes(len(CONTENT))), "describes"), (None, "cannot be used")])
def test_what_goes_wrong_is_one_sentence_and_exit_code_6(shop: Shop, answer: Answer | None, said: str) -> None:
    with web(answer or serving(b""), shop.certificate) as (address, _):
        describe(shop.models / "tiny", f"{address if answer else 'https://localhost:1'}/tiny.bin")
        code, out, err = shop.run("install", "tiny")
    assert (code, out) == (6, "")
    assert re.match("assistant: .*localhost:", err.splitlines()[-1])
    assert said in err.splitlines()[-1]


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Programs inherit that SIGINT is ignored, as where a shell runs these tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_openssl
@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_keeps_what_came_and_the_next_try_goes_on(shop: Shop) -> None:
    file = partial(shop.models / "tiny")
    with web(without_ranges(CONTENT, pause_s=0.1), shop.certificate) as (address, _):
        describe(shop.models / "tiny", f"{address}/tiny.bin")
        process = shop.start("install", "tiny")
        deadline = time.monotonic() + HANG_S
        while not (file.exists() and file.stat().st_size):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(HANG_S) == 130
        process.communicate()
    here = file.stat().st_size
    assert 0 < here < len(CONTENT)
    assert file.read_bytes() == CONTENT[:here]
    with web(serving(CONTENT), shop.certificate) as (address, asked):
        describe(shop.models / "tiny", f"{address}/tiny.bin")
        assert shop.run("install", "tiny")[0] == 0
    assert asked == [f"/tiny.bin bytes={here}-"]


@needs_openssl
def test_of_those_recommended_each_is_put_in_or_told(shop: Shop) -> None:
    """Those that come with the program are on addresses elsewhere: a proxy that refuses stands for a dead network."""
    with web(serving(CONTENT), shop.certificate) as (address, _):
        for name in ("tiny", "second"):
            describe(shop.models / name, f"{address}/tiny.bin")
        (shop.models / "second" / "tiny.bin").write_bytes(CONTENT)
        shop.environment |= {"https_proxy": "http://localhost:1", "no_proxy": "localhost"}
        code, out, err = shop.run("install", "recommended")
    assert code == 6
    assert f"second: installed already as {shop.models}/second/tiny.bin\n" in out
    assert f"tiny: installed as {shop.models}/tiny/tiny.bin\n" in out
    assert re.search(r"^yunet: github.com cannot be used: Connection refused", err, re.MULTILINE)
    assert re.search(r"^face-reidentification-retail-0095: .*published nowhere.*--from FILE", err, re.MULTILINE)


@needs_openssl
def test_those_recommended_are_taken_from_a_folder(shop: Shop, tmp_path: Path) -> None:
    describe(shop.models / "tiny", "")
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "tiny.bin").write_bytes(CONTENT)
    code, out, err = shop.run("install", "recommended", "--from", str(tmp_path / "usb"))
    assert code == 6
    assert f"tiny: installed as {shop.models}/tiny/tiny.bin\n" in out
    assert "yunet: " in err


@needs_openssl
@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_only_install_opens_a_network_socket_and_loads_what_can(shop: Shop, tmp_path: Path) -> None:
    def calls(*words: str) -> str:
        trace = tmp_path / "trace"
        strace = ("strace", "-f", "-qq", "-e", "trace=socket,openat", "-o", str(trace))
        command = [*strace, sys.executable, "-m", "assistant", *words]
        subprocess.run(command, env=shop.environment, capture_output=True, check=False, timeout=HANG_S)
        return trace.read_text(errors="replace")

    with web(serving(CONTENT), shop.certificate) as (address, _):
        describe(shop.models / "tiny", f"{address}/tiny.bin")
        for words in (("models", "list"), ("models", "verify"), ("config", "check"), ("ask", "now"), ("voices",)):
            made = calls(*words)
            assert "AF_INET" not in made, words
            assert "assistant/fetch" not in made, words
        made = calls("models", "install", "tiny")
    assert "AF_INET" in made
    assert "assistant/fetch" in made
