"""Asks a vision-language model on this machine what it sees: an OpenAI-compatible server behind a unix socket.

The one module that speaks HTTP beside `fetch.py`, and to a socket file alone: no network can be reached this way.
"""

import base64
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any

import cv2

from assistant.domain.values import Pixels
from assistant.errors import CaptionerFailed

PATH = "/v1/chat/completions"
LONGEST_SIDE = 512
"""Pictures are sent in this size at most, pixels."""
QUALITY = 85
WORDS = 200
"""Tokens that it may say at most."""
POLL_S = 0.1
"""So often it is asked whether the answer is still wanted, seconds."""
LARGEST_LINE = 100_000
"""A longer line is no event, bytes."""
ENDS = ".!?…؟"
ASKED = "Describe for a blind person what is in front of them, in at most three short plain sentences, in {language}."


class SocketCaptioner:
    """The port `Captioner`.

    Args:
        path: The server's socket file.
        language: In which it is to answer, by its own name: "Deutsch".
        model: Which model of the server; empty for the one that it has.
        deadline_s: The whole answer may take so long.
    """

    def __init__(self, *, path: Path, language: str = "English", model: str = "", deadline_s: float = 20.0) -> None:
        self._path = path
        self._language = language
        self._model = model
        self._deadline_s = deadline_s

    def caption(self, pixels: Pixels, wanted: Callable[[], bool]) -> Iterator[str]:
        """Sentences, each as soon as it is complete; see the port."""
        connection = _Connection(str(self._path), self._deadline_s)
        events: Queue[str | CaptionerFailed | None] = Queue()
        body = json.dumps(self._request(pixels))
        Thread(target=_read, args=(connection, body, events), name="caption", daemon=True).start()
        try:
            yield from _sentences(_pieces(events, wanted, monotonic() + self._deadline_s))
        finally:
            connection.end()

    def check(self) -> str:
        """That somebody answers at the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2.0)
            try:
                probe.connect(str(self._path))
            except OSError as error:
                raise CaptionerFailed(f"No captioner answers at {self._path}: {error.strerror or error}.") from error
        return f"a captioner answers at {self._path}."

    def _request(self, pixels: Pixels) -> Mapping[str, Any]:
        scale = min(1.0, LONGEST_SIDE / max(pixels.shape[:2]))
        size = tuple(max(1, round(side * scale)) for side in pixels.shape[1::-1])
        small = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), size, interpolation=cv2.INTER_AREA)
        _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"
        content = [
            {"type": "text", "text": ASKED.format(language=self._language)},
            {"type": "image_url", "image_url": {"url": picture}},
        ]
        asked = {"messages": [{"role": "user", "content": content}], "stream": True, "max_tokens": WORDS}
        return {**asked, "model": self._model} if self._model else asked


class _Connection(HTTPConnection):
    """HTTP over a unix socket; `end` may be called from any thread."""

    def __init__(self, path: str, timeout_s: float) -> None:
        super().__init__("localhost:80", timeout=timeout_s)
        self._path = path
        self._handle = socket.socket(socket.AF_UNIX)
        """Stays when the answer is all that still holds the connection."""

    def connect(self) -> None:
        """Connects to the socket file."""
        self._handle.settimeout(self.timeout)
        self._handle.connect(self._path)
        self.sock = self._handle.dup()
        self.sock.settimeout(self.timeout)

    def end(self) -> None:
        """Ends whatever waits for it."""
        with suppress(OSError):  # it was never made, or the server was quicker
            self._handle.shutdown(socket.SHUT_RDWR)
        self._handle.close()


def _read(connection: _Connection, body: str, events: "Queue[str | CaptionerFailed | None]") -> None:
    """Puts the pieces of text of a streamed answer into a queue, and None at its end; in a thread of its own."""
    try:
        connection.request("POST", PATH, body, {"Content-Type": "application/json", "Accept": "text/event-stream"})
        with closing(connection.getresponse()) as response:
            if response.status != 200:
                raise CaptionerFailed(f"The captioner answers with {response.status}.")
            for piece in _deltas(response):
                events.put(piece)
        events.put(None)
    except CaptionerFailed as error:
        events.put(error)
    except (OSError, HTTPException, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        events.put(CaptionerFailed(f"The captioner failed: {type(error).__name__}."))
    finally:
        connection.close()


def _deltas(response: HTTPResponse) -> Iterator[str]:
    """The text in the server-sent events of a chat completion."""
    while line := response.readline(LARGEST_LINE):
        if not line.endswith(b"\n") and len(line) >= LARGEST_LINE:
            raise CaptionerFailed("The captioner sends what is no answer.")
        field, _, value = line.decode("utf-8").strip().partition(":")
        if field != "data":
            continue
        if value.strip() == "[DONE]":
            return
        choices = json.loads(value)["choices"]
        text = choices[0]["delta"].get("content") if choices else None
        if isinstance(text, str):
            yield text


def _pieces(events: "Queue[str | CaptionerFailed | None]", wanted: Callable[[], bool], until: float) -> Iterator[str]:
    """Pieces of text as they come, until the end, the deadline, or until nobody wants them.

    Raises:
        CaptionerFailed: it failed, or took too long.
    """
    while wanted():
        try:
            event = events.get(timeout=POLL_S)
        except Empty:
            if monotonic() > until:
                raise CaptionerFailed("The captioner takes too long.") from None
            continue
        if isinstance(event, CaptionerFailed):
            raise event
        if event is None:
            return
        yield event


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences out of pieces of text; the last one as far as it came."""
    text = ""
    for piece in pieces:
        text += piece
        at = 0
        while at < len(text) - 1:
            if text[at] in ENDS and text[at + 1].isspace():
                if sentence := " ".join(text[: at + 1].split()):
                    yield sentence
                text, at = text[at + 1 :], 0
            else:
                at += 1
    if rest := " ".join(text.split()):
        yield rest
