"""A server that describes pictures, as llama.cpp and Ollama do it, behind a unix socket; it can misbehave."""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from threading import Event, Thread
from typing import Any

PIECES = ("A dog sl", "eeps. ", "The room is bright.", " It is 3.5 m", "etres wide")


class Server(ThreadingUnixStreamServer):
    """Streams pieces of text; `fault` says what goes wrong."""

    daemon_threads = True

    def __init__(self, path: Path, pieces: Sequence[str] = PIECES, fault: str = "") -> None:
        self.pieces, self.fault = pieces, fault
        self.asked: list[dict[str, Any]] = []
        self.gone, self.go_on = Event(), Event()
        super().__init__(str(path), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Server
    wbufsize = 0

    def address_string(self) -> str:
        return "socket"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, **body})
        if self.server.fault == "error":
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self._stream()
        except OSError:
            self.server.gone.set()

    def _stream(self) -> None:
        self._event({"choices": [{"delta": {"role": "assistant", "content": None}}]})
        if self.server.fault == "rubbish":
            self.wfile.write(b"data: {not json\n\n")
        if self.server.fault == "endless line":
            self.wfile.write(b"data: " + b"x" * 300_000)
        for number, piece in enumerate(self.server.pieces):
            self._event({"choices": [{"delta": {"content": piece}}]})
            if self.server.fault == "stalls" and number == 1:
                while not self.server.go_on.wait(0.05):
                    self.wfile.write(b": waiting\n")
            if self.server.fault == "silent" and number == 1:
                self.server.go_on.wait(60)
            if self.server.fault == "cut" and number == 1:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, value: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")


@contextmanager
def served(folder: Path, **given: Any) -> Iterator[Server]:
    server = Server(folder / "captions", **given)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
