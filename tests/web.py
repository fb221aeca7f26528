"""A real HTTP server on loopback that behaves as badly as a test wants."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

Answer = Callable[["Web"], None]
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl, to make a certificate")


class Web(BaseHTTPRequestHandler):
    """One request; `begin` is the first byte that is asked for, 0 without a range."""

    protocol_version = "HTTP/1.1"
    answer: Answer
    asked: list[str]

    def do_GET(self) -> None:
        self.close_connection = True
        self.asked.append(f"{self.path} {self.headers.get('Range', '')}".strip())
        with suppress(BrokenPipeError, ConnectionResetError):  # who asked has gone
            type(self).answer(self)

    @property
    def begin(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def head(self, code: int, **headers: object) -> None:
        """Sends status and headers; `content_length=3` is the header Content-Length."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-").title(), str(value))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def serving(content: bytes) -> Answer:
    """A server as it should be: a file, and any end of it."""

    def answer(web: Web) -> None:
        rest = content[web.begin :]
        if not web.begin:
            web.head(200, content_length=len(rest))
        elif rest:
            whole = f"bytes {web.begin}-{len(content) - 1}/{len(content)}"
            web.head(206, content_length=len(rest), content_range=whole)
        else:
            web.head(416, content_length=0)
        web.wfile.write(rest)

    return answer


def without_ranges(content: bytes, length: int | None = None, pause_s: float = 0) -> Answer:
    """A server that sends the file whole, whatever is asked for; with another length told, or parts with pauses."""

    def answer(web: Web) -> None:
        web.head(200, content_length=len(content) if length is None else length)
        for at in range(0, len(content), 1000):
            web.wfile.write(content[at : at + 1000])
            time.sleep(pause_s)

    return answer


@contextmanager
def web(answer: Answer, certificate: Path | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serves until the block ends: its address, and what was asked for ("/path bytes=5-").

    Args:
        answer: Answers each request.
        certificate: Of "localhost", with its key: encrypts.
    """
    asked: list[str] = []
    handler = type("Handler", (Web,), {"answer": staticmethod(answer), "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False  # a handler may be asleep
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever does not trust it hangs up
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        port = server.server_address[1]
        yield f"https://localhost:{port}" if certificate else f"http://127.0.0.1:{port}", asked
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path) -> Path:
    """Makes a certificate of "localhost" that it signs itself, with its key, in one file."""
    path = folder / "localhost.pem"
    options = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    names = ("-addext", "subjectAltName=DNS:localhost")
    command = ["openssl", "req", *options, *names, "-keyout", path, "-out", folder / "public.pem"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "public.pem").read_bytes())
    return path
