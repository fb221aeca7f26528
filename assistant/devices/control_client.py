"""How `assistant ask` and the doctor reach a running assistant: one message over its control socket."""

import json
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.devices.single_instance import held
from assistant.errors import NotRunning

ANSWER_S = 10.0
"""How long is waited for a reply: longer than the taking of new settings, seconds."""
RETRY_S = 0.02
"""How often it is tried again meanwhile, seconds."""


def ask(path: Path, message: Mapping[str, Any], timeout: float = ANSWER_S) -> dict[str, Any]:
    """Sends one message to a running assistant and gives its reply.

    While the assistant takes new settings its socket is away, and a message that it had not read is lost: it is sent
    again as long as there is an assistant (`held`). One that was read has its reply.

    Args:
        path: Where its socket lies, see `runtime_path`.
        message: As `control_socket.py` describes it.
        timeout: Seconds to wait for the reply.

    Raises:
        NotRunning: nobody answers there, or this user may not ask.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return _exchange(path, message, deadline)
        except PermissionError as error:
            raise NotRunning(
                "The assistant may not be asked by this user.", "Use the account it runs under."
            ) from error
        except (TimeoutError, BlockingIOError):
            pass  # It hangs, or more clients than fit are waiting to be let in.
        except (OSError, ValueError) as error:
            if not held(path):
                raise NotRunning("No assistant is running.", "Start it with: assistant run.") from error
        if time.monotonic() >= deadline:
            raise NotRunning("The assistant does not answer.", "Start it again.")
        time.sleep(RETRY_S)


def _exchange(path: Path, message: Mapping[str, Any], deadline: float) -> dict[str, Any]:
    """Connects, sends and receives, each before the deadline; a ValueError is no reply, or none that can be read."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
        client.settimeout(max(RETRY_S, deadline - time.monotonic()))
        client.connect(str(path))
        text = json.dumps(message, ensure_ascii=False)  # names of any script are short enough then
        client.send(text.encode("utf-8", "surrogatepass"))
        return dict(json.loads(client.recv(1 << 16)))
