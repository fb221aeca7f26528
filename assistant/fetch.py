"""Fetches the weights of models from the addresses in their manifests: the only module that speaks to the network.

Only `assistant models install` imports it (import-linter holds that), and only when the owner asks. What arrives stays
in a partial file beside its later place until size and hash are those of the manifest; the next try goes on where the
last one ended (RFC 9110, range requests).
"""

import fcntl
import hashlib
import os
import re
import shutil
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from assistant import weights
from assistant.errors import ModelNotFetched
from assistant.manifests import File

PART = 1 << 16
"""So much is read at once, bytes."""
SLOWEST = 1000
"""Bytes a second; a server that sends less for as long as it is waited for counts as stalled."""
SPARE = 1_000_000
"""Room that is left on the disk, bytes."""
AGAIN = "Run it again to go on from there."
LOOPBACK = ("127.0.0.1", "::1", "localhost")

_PARTIAL = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\*|(\d+))")


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is used.

    Certificates are checked, with those that the system trusts; proxies are those of the environment (`https_proxy`).
    """

    wait_s: float = 20.0
    """How long nothing may come: of a connection, of an answer, of its next part."""
    plain_loopback: bool = False
    """Whether addresses of this machine may be unencrypted; for tests."""

    def allows(self, address: str) -> bool:
        """Whether an address may be asked."""
        parts = urlsplit(address)
        plain = self.plain_loopback and parts.scheme == "http" and parts.hostname in LOOPBACK
        return parts.scheme == "https" or plain

    def open(self, address: str, begin: int) -> HTTPResponse:
        """Asks for what is at an address, from one byte on.

        Raises:
            ModelNotFetched: the address, or one that it leads on to, may not be asked.
            HTTPError, OSError, HTTPException: there is no answer, or none that helps.
        """
        if not self.allows(address):
            raise ModelNotFetched(f"{address} is no https address, and no other is asked.")
        opener = request.OpenerDirector()  # of urllib's handlers those for files, ftp and data are left out
        errors = (request.HTTPDefaultErrorHandler(), request.HTTPErrorProcessor())
        for handler in (request.ProxyHandler(), request.HTTPSHandler(), *errors, _Redirects(self)):
            opener.add_handler(handler)
        if self.plain_loopback:
            opener.add_handler(request.HTTPHandler())
        headers = {"User-Agent": "assistant"} | ({"Range": f"bytes={begin}-"} if begin else {})
        response: HTTPResponse = opener.open(request.Request(address, headers=headers), timeout=self.wait_s)
        return response


class _Redirects(request.HTTPRedirectHandler):
    """Follows a few times, and only to what may be asked."""

    max_redirections = 5

    def __init__(self, network: Network) -> None:
        self._network = network

    def redirect_request(
        self, req: request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> request.Request | None:
        if not self._network.allows(newurl):
            fp.close()
            raise ModelNotFetched(f"{req.host} leads on to {newurl}, which is no https address.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def install(name: str, told: Callable[[int], None], network: Network | None = None) -> Path:
    """Fetches the weights of a described model and puts them in place.

    Args:
        name: The model.
        told: Is given how many bytes are here, again and again; fewer than before when it begins anew.
        network: How the network is used.

    Returns:
        Where the weights are now.

    Raises:
        ModelMissing, ModelBroken: not described; or its place cannot be written.
        ModelNotFetched: nothing or something else came; what came of the right file is kept for the next try.
    """
    file = weights.manifest(name).file
    if not file.address:
        raise ModelNotFetched(f"The file of {name} is published nowhere as it is used.", weights.remedy(name))
    partial = weights.place(name) / f"{file.name}.part"
    with _partial(partial, file) as part:
        _fill(part, file, told, network or Network())
        path = weights.install(name, partial)
        part.truncate(0)
    return path


@contextmanager
def _partial(path: Path, file: File) -> Iterator[IO[bytes]]:
    """The partial file, opened for this process alone, with room on the disk for what is missing and for a copy.

    It is gone afterwards when nothing is in it.
    """
    try:
        part = os.fdopen(os.open(path, _PARTIAL, 0o600), "r+b", buffering=0)
    except OSError as error:
        raise ModelNotFetched(f"{path} cannot be written: {error.strerror}.") from error
    with part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelNotFetched(f"{file.name} is being fetched already, by another process.") from error
        try:
            needed = 2 * file.size - min(_size(part), file.size) + SPARE
            if (free := shutil.disk_usage(path.parent).free) < needed:
                raise ModelNotFetched(f"{path.parent} has room for {free} bytes; {needed} are needed.", "Make room.")
            yield part
        finally:
            if not _size(part):
                path.unlink(missing_ok=True)


def _fill(part: IO[bytes], file: File, told: Callable[[int], None], network: Network) -> None:
    """Completes a partial file; one that is damaged is thrown away and fetched once more from the beginning."""
    begin = _size(part)
    if 0 < begin <= file.size and _filled(part, file, begin, told, network):
        return
    if not _filled(part, file, 0, told, network):
        part.truncate(0)
        raise ModelNotFetched(f"What {_host(file)} sent is not the file that the manifest describes; it is not kept.")


def _filled(part: IO[bytes], file: File, begin: int, told: Callable[[int], None], network: Network) -> bool:
    """Fetches what is missing from one byte on; tells whether the whole is the described file.

    Raises:
        ModelNotFetched: it does not come, or not all of it.
    """
    if begin < file.size:
        try:
            with network.open(file.address, begin) as response:
                if not _goes_on(response, begin):
                    begin = 0
                _take(response, part, file, begin, told, network.wait_s)
        except (HTTPException, OSError, ValueError) as error:  # an HTTPError is an OSError
            if isinstance(error, HTTPError):
                error.close()
                if error.code == 416 and begin:
                    return False
            raise ModelNotFetched(_why(error, _host(file), network), AGAIN if _size(part) else "") from error
    part.seek(0)
    return hashlib.file_digest(part, "sha256").hexdigest() == file.sha256  # type: ignore[arg-type]


def _goes_on(response: HTTPResponse, begin: int) -> bool:
    """Whether an answer goes on where the partial file ends; a server need not be able to."""
    went_on = _RANGE.fullmatch(response.headers.get("Content-Range", "")) if response.status == 206 else None
    if response.status not in (200, 206) or (response.status == 206 and not (went_on and int(went_on[1]) == begin)):
        raise HTTPException(f"it answers {response.status} with a part that was not asked for")
    return went_on is not None


def _take(
    response: HTTPResponse, part: IO[bytes], file: File, begin: int, told: Callable[[int], None], wait_s: float
) -> None:
    """Writes what comes behind the first `begin` bytes; never more than the manifest says.

    Raises:
        ModelNotFetched: its size is another, it ends too early, or it cannot be written.
        OSError, HTTPException: the connection broke off.
    """
    host, here = _host(file), begin
    if response.length is not None and response.length != file.size - begin:
        raise ModelNotFetched(f"{host} would send {begin + response.length} bytes, the manifest says {file.size}.")
    _write(part, begin, b"")
    watched, since = here, time.monotonic()
    while data := response.read1(min(PART, file.size + 1 - here)):
        if here + len(data) > file.size:
            part.truncate(0)
            raise ModelNotFetched(f"{host} sends more than the {file.size} bytes of the manifest.")
        _write(part, here, data)
        here += len(data)
        told(here)
        if (waited := time.monotonic() - since) > wait_s:
            if here - watched < SLOWEST * waited:
                raise TimeoutError
            watched, since = here, time.monotonic()
    if here < file.size:
        raise ModelNotFetched(f"The connection to {host} broke off after {here} of {file.size} bytes.", AGAIN)


def _write(part: IO[bytes], at: int, data: bytes) -> None:
    """Writes at a place and cuts off what was behind it; what was written before stays when the disk is full."""
    try:
        part.truncate(at)
        part.seek(at)
        while data:
            data = data[part.write(data) :]
    except OSError as error:
        raise ModelNotFetched(f"The file could not be written: {error.strerror}.") from error


def _why(error: Exception, host: str, network: Network) -> str:
    """One sentence on what went wrong between here and a server."""
    reason: Any = error.reason if type(error) is URLError else error
    if isinstance(reason, HTTPError):
        if reason.code in (301, 302, 303, 307, 308):
            return f"{host} leads on in a circle, too often, or to no https address."
        return f"{host} answers {reason.code} {reason.reason}."
    if isinstance(reason, TimeoutError):
        return f"{host} has sent nothing, or next to nothing, for {network.wait_s:g} seconds."
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"{host} cannot prove that it is that: {reason.verify_message}."
    text = str(getattr(reason, "strerror", None) or reason or type(reason).__name__)
    return f"{host} cannot be used: {' '.join(text.split()).rstrip('.')}."


def _host(file: File) -> str:
    return urlsplit(file.address).netloc.rpartition("@")[2] or file.address


def _size(part: IO[bytes]) -> int:
    return os.fstat(part.fileno()).st_size
