"""Tells systemd how the service is doing: the protocol of sd_notify(3), one datagram for each notice."""

import logging
import os
import socket

log = logging.getLogger(__name__)


def notify(state: str) -> None:
    """Sends one notice, e.g. "READY=1"; does nothing where no service manager listens.

    One that cannot be delivered is logged and no more: the watchdog's next one follows soon, and a missing "READY=1" is
    noticed by systemd itself.

    Args:
        state: Assignments as sd_notify(3) lists them, one a line.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # in the abstract namespace
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(state.encode(), socket.MSG_DONTWAIT, address)
    except OSError as error:
        log.warning("systemd was not told %s: %s", state, error.strerror)
