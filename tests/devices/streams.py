"""A network camera in a thread: MJPEG over HTTP on the loopback, as webcam servers send it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Protocol

import cv2
import numpy as np

from assistant.domain.values import Pixels

WIDTH, HEIGHT = 64, 48
RED: Pixels = np.full((HEIGHT, WIDTH, 3), (250, 0, 0), np.uint8)
BLUE: Pixels = np.full((HEIGHT, WIDTH, 3), (0, 0, 250), np.uint8)


def jpeg(pixels: Pixels) -> bytes:
    """RGB -> a JPEG file."""
    return cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()


def part(data: bytes) -> bytes:
    """A JPEG file as a part of the stream."""
    return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(data), data)


class Source(Protocol):
    """What a camera does at each connection, until `over` is set."""

    over: Event

    def send(self, write: Callable[[bytes], object]) -> None:
        """Writes parts to one connection; hangs up when it returns."""


class Stream:
    """What the camera does at each connection.

    Args:
        frames: How many frames it sends, red and blue in turn.
        stalls: Whether it then keeps silent, with the connection open, until the end of the test; else it hangs up.
    """

    def __init__(self, frames: int = 1000, stalls: bool = False) -> None:
        self.frames = frames
        self.stalls = stalls
        self.connections = 0
        self.over = Event()

    def send(self, write: Callable[[bytes], object]) -> None:
        self.connections += 1
        for number in range(self.frames):
            write(part(jpeg((RED, BLUE)[number % 2])))
            if self.over.wait(0.01):
                return
        if self.stalls:
            self.over.wait()


@contextmanager
def serving(stream: Source) -> Iterator[str]:
    """Serves a stream at the URL that it gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            try:
                self.end_headers()
                stream.send(self.wfile.write)
            except OSError:
                pass  # The program hung up.

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/video"
    finally:
        stream.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
