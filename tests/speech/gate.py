"""A gate in front of a sound server: while it is shut, connections are cut, and whoever connects has to wait."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

from tests.speech.sound import Loudspeaker


class Gate:
    """Passes on everything between a sound server and its clients, from the moment at which it is opened.

    Args:
        server: It, running.
    """

    def __init__(self, server: Loudspeaker) -> None:
        self._server = str(server.folder / "native")
        path = server.folder / "gate"
        path.unlink(missing_ok=True)
        config = server.folder / "client.conf"
        config.write_text("enable-shm = no\nautospawn = no\n")  # shared memory does not pass through a gate
        self.environment = server.environment | {"PULSE_SERVER": f"unix:{path}", "PULSE_CLIENTCONFIG": str(config)}
        self.callers = 0
        """So many have asked to be let in so far."""
        self._open = Event()
        self._closed = False
        self._lock = Lock()
        self._ends: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        Thread(target=self._accept, daemon=True).start()

    def open(self) -> None:
        """Lets everybody in who waits or comes."""
        self._open.set()

    def shut(self) -> None:
        """Cuts all connections; whoever comes waits."""
        self._open.clear()
        with self._lock:
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self._ends.clear()

    def close(self) -> None:
        """Ends it."""
        self._closed = True
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.shut()
        self._open.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listening.accept()
                self.callers += 1
                Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        self._open.wait()
        with caller, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._server)
            with self._lock:
                self._ends += [caller, server]
            if self._closed:
                return
            back = Thread(target=_pass_on, args=(server, caller), daemon=True)
            back.start()
            _pass_on(caller, server)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def gate(server: Loudspeaker) -> Iterator[Gate]:
    """An open one."""
    made = Gate(server)
    made.open()
    try:
        yield made
    finally:
        made.close()
