"""Weights that are fetched, from a server of the test's own that does all that servers do."""

import fcntl
import hashlib
import os
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import fetch, weights
from assistant.errors import ModelBroken, ModelNotFetched
from tests.web import Answer, Web, certificate, needs_openssl, serving, web, without_ranges

CONTENT = os.urandom(300_000)
OTHER = bytes(len(CONTENT))
QUICK = fetch.Network(wait_s=0.5, plain_loopback=True)
"""For servers that fall silent."""
PATIENT = fetch.Network(wait_s=60, plain_loopback=True)
"""For servers that do not, on a busy machine."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the weights of the model "tiny" belong."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "own"))
    (tmp_path / "own" / "tiny").mkdir(parents=True)
    return tmp_path / "own" / "tiny"


def describe(folder: Path, address: str, size: int = len(CONTENT)) -> None:
    """Writes the manifest of a model that is to be fetched."""
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    (folder / "manifest.yaml").write_text(
        f"name: {folder.name}\nversion: '1'\ntask: A test.\nlicence: {{weights: MIT}}\ninput: {{}}\n"
        f"file: {{name: tiny.bin, size: {size}, sha256: {sha256}, address: '{address}'}}\n"
        "output: {labels: [a]}\nrecommended: true\n",
        encoding="utf-8",
    )


def partial(folder: Path) -> Path:
    return folder / "tiny.bin.part"


def fetched(folder: Path, answer: Answer, network: fetch.Network = PATIENT) -> list[str]:
    """Fetches once, from a server that answers so; gives what was asked."""
    with web(answer) as (address, asked):
        describe(folder, f"{address}/tiny.bin")
        assert fetch.install("tiny", lambda here: None, network) == folder / "tiny.bin"
    assert weights.locate("tiny").content == CONTENT
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.yaml", "tiny.bin"]
    return asked


def refused(folder: Path, answer: Answer, network: fetch.Network = PATIENT) -> str:
    """Fetches once, in vain; gives what is said of it."""
    with web(answer) as (address, _):
        describe(folder, f"{address}/tiny.bin")
        with pytest.raises(ModelNotFetched) as told:
            fetch.install("tiny", lambda here: None, network)
    assert told.value.exit_code == 6
    assert weights.present("tiny") is None
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_the_manifest_names_is_fetched_and_put_in_place(folder: Path) -> None:
    assert fetched(folder, serving(CONTENT)) == ["/tiny.bin"]
    assert (folder / "tiny.bin").stat().st_mode & 0o777 == 0o644


def test_progress_goes_up_to_the_size(folder: Path) -> None:
    told: list[int] = []
    with web(serving(CONTENT)) as (address, _):
        describe(folder, address)
        fetch.install("tiny", told.append, PATIENT)
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)


def test_a_partial_file_is_gone_on_with(folder: Path) -> None:
    partial(folder).write_bytes(CONTENT[:1234])
    assert fetched(folder, serving(CONTENT)) == ["/tiny.bin bytes=1234-"]


def test_a_partial_file_that_is_whole_needs_no_network(folder: Path) -> None:
    partial(folder).write_bytes(CONTENT)
    assert fetched(folder, serving(CONTENT)) == []


@pytest.mark.parametrize("damaged", [OTHER[:1234], OTHER, CONTENT + b"?"], ids=["beginning", "whole", "longer"])
def test_a_damaged_partial_file_is_thrown_away_and_begun_again(folder: Path, damaged: bytes) -> None:
    partial(folder).write_bytes(damaged)
    assert fetched(folder, serving(CONTENT))[-1] == "/tiny.bin"


def test_a_server_that_knows_no_ranges_sends_it_all(folder: Path) -> None:
    partial(folder).write_bytes(OTHER[:1234])
    assert fetched(folder, without_ranges(CONTENT)) == ["/tiny.bin bytes=1234-"]


def test_a_range_that_cannot_be_satisfied_begins_again(folder: Path) -> None:
    partial(folder).write_bytes(CONTENT[:1234])
    answer = serving(CONTENT)
    asked = fetched(folder, lambda web: web.head(416, content_length=0) if web.begin else answer(web))
    assert asked == ["/tiny.bin bytes=1234-", "/tiny.bin"]


def test_another_range_than_was_asked_for_is_not_taken(folder: Path) -> None:
    partial(folder).write_bytes(CONTENT[:1234])

    def elsewhere(web: Web) -> None:
        web.head(206, content_length=len(CONTENT) - 1, content_range=f"bytes 1-{len(CONTENT) - 1}/{len(CONTENT)}")
        web.wfile.write(CONTENT[1:])

    assert "206" in refused(folder, elsewhere)
    assert partial(folder).read_bytes() == CONTENT[:1234]


def test_a_body_without_a_length_is_taken(folder: Path) -> None:
    def unmeasured(web: Web) -> None:
        web.head(200, connection="close")
        web.wfile.write(CONTENT)

    fetched(folder, unmeasured)


def test_a_body_in_chunks_is_taken(folder: Path) -> None:
    def chunked(web: Web) -> None:
        web.head(200, transfer_encoding="chunked")
        for at in range(0, len(CONTENT), 70_000):
            part = CONTENT[at : at + 70_000]
            web.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        web.wfile.write(b"0\r\n\r\n")

    fetched(folder, chunked)


def test_a_connection_that_is_cut_leaves_what_came_and_the_next_try_goes_on(folder: Path) -> None:
    said = refused(folder, without_ranges(CONTENT[:5000], length=len(CONTENT)))
    assert f"broke off after 5000 of {len(CONTENT)} bytes. Run it again to go on from there." in said
    assert partial(folder).read_bytes() == CONTENT[:5000]
    assert fetched(folder, serving(CONTENT)) == ["/tiny.bin bytes=5000-"]


def test_chunks_that_are_cut_leave_what_came(folder: Path) -> None:
    def cut(web: Web) -> None:
        web.head(200, transfer_encoding="chunked")
        web.wfile.write(b"%x\r\n%b" % (len(CONTENT), CONTENT[:5000]))

    assert "Run it again" in refused(folder, cut)
    assert partial(folder).read_bytes() == CONTENT[:5000]


@pytest.mark.parametrize("where", ["connected", "headers", "body"])
def test_a_server_that_falls_silent_is_not_waited_for(folder: Path, where: str) -> None:
    def silent(web: Web) -> None:
        if where != "connected":
            web.head(200, content_length=len(CONTENT)) if where == "body" else web.wfile.write(b"HTTP/1.1 200 OK\r\n")
            web.wfile.write(CONTENT[:5000] if where == "body" else b"")
        time.sleep(5)

    began = time.monotonic()
    assert "for 0.5 seconds" in refused(folder, silent, QUICK)
    assert time.monotonic() - began < 4.5
    assert partial(folder).exists() == (where == "body")


def test_a_server_that_lets_it_drip_is_not_waited_for(folder: Path) -> None:
    def dripping(web: Web) -> None:
        web.head(200, content_length=len(CONTENT))
        for byte in CONTENT[:200]:
            web.wfile.write(bytes([byte]))
            time.sleep(0.05)

    assert "next to nothing" in refused(folder, dripping, QUICK)


def test_a_slow_server_is_waited_for(folder: Path) -> None:
    fetched(folder, without_ranges(CONTENT, pause_s=0.005), QUICK)


def test_wrong_bytes_are_not_kept(folder: Path) -> None:
    assert "is not the file that the manifest describes" in refused(folder, serving(OTHER))
    assert not partial(folder).exists()


@pytest.mark.parametrize("length", [len(CONTENT) - 1, len(CONTENT) + 1])
def test_another_length_is_refused_before_anything_is_read(folder: Path, length: int) -> None:
    partial(folder).write_bytes(CONTENT[:1234])
    assert f"would send {length} bytes" in refused(folder, without_ranges(CONTENT, length=length))
    assert partial(folder).read_bytes() == CONTENT[:1234]


def test_a_body_without_end_is_read_no_further_than_the_manifest_says(folder: Path) -> None:
    sent = 0

    def endless(web: Web) -> None:
        nonlocal sent
        web.head(200, connection="close")
        while sent < 1 << 28:
            web.wfile.write(CONTENT)
            sent += len(CONTENT)

    assert "sends more than" in refused(folder, endless)
    assert sent < 1 << 26  # what the sockets hold
    assert not partial(folder).exists()


@pytest.mark.parametrize(("code", "said"), [(404, "404 Not Found"), (500, "500 Internal Server Error"), (204, "204")])
def test_other_answers_are_told(folder: Path, code: int, said: str) -> None:
    partial(folder).write_bytes(CONTENT[:1234])
    assert said in refused(folder, lambda web: web.head(code, content_length=0))
    assert partial(folder).read_bytes() == CONTENT[:1234]


def test_what_is_no_http_is_told(folder: Path) -> None:
    assert "cannot be used" in refused(folder, lambda web: web.wfile.write(b"SSH-2.0-nonsense\r\n") and None)


def test_a_redirect_is_followed_and_still_asks_for_the_rest_alone(folder: Path) -> None:
    partial(folder).write_bytes(CONTENT[:1234])
    answer = serving(CONTENT)

    def leading_on(web: Web) -> None:
        if web.path == "/tiny.bin":
            web.head(302, location="/elsewhere", content_length=0)
        else:
            answer(web)

    assert fetched(folder, leading_on) == ["/tiny.bin bytes=1234-", "/elsewhere bytes=1234-"]


@pytest.mark.parametrize(
    "where", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x", "//\x00", "http://192.0.2.1/x"]
)
def test_a_redirect_to_where_is_no_https_is_not_followed(folder: Path, where: str) -> None:
    said = refused(folder, lambda web: web.head(302, location=where, content_length=0))
    assert "no https address" in said or "cannot be used" in said
    assert not partial(folder).exists()


def test_redirects_in_a_circle_end(folder: Path) -> None:
    asked = 0

    def circle(web: Web) -> None:
        nonlocal asked
        asked += 1
        web.head(302, location=f"/{asked}", content_length=0)

    assert "in a circle" in refused(folder, circle)
    assert asked <= 7


def test_a_server_that_is_not_there_is_told(folder: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        describe(folder, f"http://127.0.0.1:{closed.getsockname()[1]}/tiny.bin")
        with pytest.raises(ModelNotFetched, match="Connection refused"):
            fetch.install("tiny", lambda here: None, PATIENT)


@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "file:///etc/passwd", "ftp://127.0.0.1/x", "x", "https://"])
def test_an_address_that_is_no_https_is_not_asked(folder: Path, address: str) -> None:
    describe(folder, address)
    with pytest.raises(ModelNotFetched):
        fetch.install("tiny", lambda here: None)


def test_only_this_machine_may_be_asked_without_encryption_by_a_test() -> None:
    assert PATIENT.allows("http://127.0.0.1:8000/x")
    assert not PATIENT.allows("http://127.0.0.1.example.org/x")
    assert not fetch.Network().allows("http://127.0.0.1/x")


def test_what_nobody_publishes_is_told_with_where_it_comes_from(folder: Path) -> None:
    describe(folder, "")
    with pytest.raises(ModelNotFetched, match=r"published nowhere.*--from FILE"):
        fetch.install("tiny", lambda here: None)


@pytest.fixture
def encrypted(folder: Path, tmp_path: Path) -> Iterator[Path]:
    """The certificate of a server from which "tiny" can be had, encrypted."""
    made = certificate(tmp_path)
    with web(serving(CONTENT), made) as (address, _):
        describe(folder, f"{address}/tiny.bin")
        yield made


@needs_openssl
@pytest.mark.usefixtures("encrypted")
def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with pytest.raises(ModelNotFetched, match=r"cannot prove that it is that: self.signed certificate"):
        fetch.install("tiny", lambda here: None)


@needs_openssl
def test_one_that_the_system_trusts_is_taken(encrypted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(encrypted))
    assert fetch.install("tiny", lambda here: None).read_bytes() == CONTENT


def test_the_proxy_of_the_environment_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = serving(CONTENT)
    with web(answer) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy)
        describe(folder, "http://127.0.0.1:9/tiny.bin")
        fetch.install("tiny", lambda here: None, PATIENT)
    assert asked == ["http://127.0.0.1:9/tiny.bin"]


def test_a_disk_without_room_is_told_before_anything_is_asked(folder: Path) -> None:
    describe(folder, "https://127.0.0.1:9/tiny.bin", size=10**15)
    with pytest.raises(ModelNotFetched, match="has room for"):
        fetch.install("tiny", lambda here: None)
    assert not partial(folder).exists()


def test_a_disk_that_fills_up_keeps_what_came(folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        assert "could not be written: File too large" in refused(folder, serving(CONTENT))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert partial(folder).read_bytes() == CONTENT[:100_000]


def test_two_do_not_fetch_the_same_at_once(folder: Path) -> None:
    describe(folder, "https://127.0.0.1:9/tiny.bin")
    with partial(folder).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ModelNotFetched, match="already"):
            fetch.install("tiny", lambda here: None)


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_lies_in_the_place_of_the_partial_file_is_not_written(folder: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "precious").write_text("precious")
    if kind == "link":
        partial(folder).symlink_to(tmp_path / "precious")
    elif kind == "pipe":
        os.mkfifo(partial(folder))
    else:
        partial(folder).mkdir()
    describe(folder, "https://127.0.0.1:9/tiny.bin")
    with pytest.raises(ModelNotFetched):
        fetch.install("tiny", lambda here: None)
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else as well")
def test_root_does_not_write_into_the_folder_of_somebody_else(folder: Path, tmp_path: Path) -> None:
    describe(folder, "https://127.0.0.1:9/tiny.bin")
    (tmp_path / "tiny.bin").write_bytes(CONTENT)
    os.chown(folder, 65534, 65534)
    with pytest.raises(ModelBroken, match="belongs to another user"):
        fetch.install("tiny", lambda here: None)
    with pytest.raises(ModelBroken, match="belongs to another user"):
        weights.install("tiny", tmp_path / "tiny.bin")
    assert [path.name for path in folder.iterdir()] == ["manifest.yaml"]
