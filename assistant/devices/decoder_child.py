"""Decodes files for another process, and may die of it: `python -m assistant.devices.decoder_child FD`.

FD is a socket. Each line of JSON that comes over it is one request, answered by one line: `{"picture": name}` and
`{"video": name, "kind": ..., "interval": ...}` come with an open file, `{"next": true}` asks for the time of the next
frame (null: none), `{"decode": true}` for its pixels, which follow their line as they are (null: it is damaged).
Errors are answered as `{"error": sentence, "remedy": sentence}`; lines `{"log": sentence}` may come before any answer.
"""

import os
from collections.abc import Iterator
from typing import Any

from assistant.devices.child_server import ChildServer, serve

REQUEST_CPU_S = 5.0
"""Processor time for one request: a picture, or one frame of a video, seconds."""
MEMORY = 540 * 2**20
"""Bytes of memory of its own that this process may take."""


class _Decoding:
    """Answers one request after another about one file at a time."""

    def __init__(self, server: ChildServer) -> None:
        self._server = server
        self._file = -1
        self._shots: Iterator[Any] = iter(())
        self._shot: Any = None

    def answer(self, request: dict[str, Any], file: int | None) -> None:
        """Does what is asked, and tells what came of it or what went wrong; a file replaces the one before."""
        from assistant.errors import PictureError

        if file is not None:
            self._shots = iter(())
            if self._file >= 0:
                os.close(self._file)
            self._file = file
        try:
            self._do(request)
        except PictureError as error:
            self._server.tell({"error": error.message, "remedy": error.remedy})

    def _do(self, request: dict[str, Any]) -> None:
        if "picture" in request:
            self._read_picture(request["picture"])
        elif "video" in request:
            from assistant.devices.videos import of_video

            self._shots = of_video(f"/dev/fd/{self._file}", request["video"], request["kind"], request["interval"])
            self._server.tell({})
        elif "next" in request:
            self._shot = next(self._shots, None)
            self._server.tell({"at": self._shot and self._shot.at})
        else:
            pixels = self._shot.decode()
            self._send(pixels, *(pixels.shape[1::-1] if pixels is not None else (0, 0)))

    def _read_picture(self, name: str) -> None:
        from assistant.devices.pictures import read

        with open(self._file, "rb", closefd=False) as file:
            picture = read(file, name)
        self._send(picture.pixels, picture.width, picture.height)

    def _send(self, pixels: Any, width: int, height: int) -> None:
        self._server.tell({"shape": None if pixels is None else pixels.shape, "width": width, "height": height})
        if pixels is not None:
            self._server.send(memoryview(pixels))


if __name__ == "__main__":
    serve(lambda server: _Decoding(server).answer, MEMORY, REQUEST_CPU_S)
