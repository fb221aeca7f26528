"""Addresses of cameras without what must stay secret: one way for errors, the log and names."""

import re

_SECRETS = (
    re.compile(r"(?<=://)\S*@"),  # anna:se@cr/et@ - whatever stands before the last "@" of a word
    re.compile(r"(?<=://)[^\s/:@\[]+:(?!\d+(?:\W|$)).*@"),  # with a space in it: what follows ":" is no port
    re.compile(r"(?<=://)[^\s/:@\[]+:(?!\d*(?:\W|$))\S*"),  # and the host forgotten
    re.compile(r"(?<![^\s\"'(=])[^\s\"'/@:]+:[^\s\"']+@(?=[\w.\[-])"),  # the beginning "rtsp://" forgotten
)
_VALUE = re.compile(
    r"([?&;#][\w.%-]*(?:pass|pwd|psw|psk|token|key|secret|auth|sig|credential|loginpas)[\w.%-]*=)[^\s&;#\"']+",
    re.IGNORECASE,
)
"""A value in the query of an address whose name says that it is secret."""


def without_secrets(text: str) -> str:
    """A text in which no address holds user, password or token any more.

    Where an address does not keep to RFC 3986 ("@", "/" or "?" written as they are in a password) it cannot be known
    where the password ends: then rather too much is left out, up to the last "@".
    """
    if "@" in text or "://" in text:
        for secret in _SECRETS:
            text = secret.sub("", text)
    return _VALUE.sub(r"\1***", text)
