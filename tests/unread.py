"""Readers that have stopped: pipes and terminals that take nothing more."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def fill(descriptor: int) -> None:
    """Writes to a pipe or terminal until nothing more fits in."""
    os.set_blocking(descriptor, False)
    try:
        while True:
            os.write(descriptor, b"x" * 512)
    except BlockingIOError:
        os.set_blocking(descriptor, True)


@contextmanager
def full_pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe that is full: whoever writes to it waits until somebody reads."""
    reading, writing = os.pipe()
    fill(writing)
    try:
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)
