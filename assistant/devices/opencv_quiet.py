"""OpenCV and its FFmpeg without chatter: what goes wrong is told by our errors, not on stderr."""

import os
from functools import cache

import cv2

V4L_TIMEOUT_S = 3
"""How long a webcam may keep silent before a read gives up, whole seconds."""


@cache
def quiet() -> None:
    """Silences OpenCV's log, once; to be called before anything is decoded or opened.

    OpenCV reads the variables when it opens its first video; a value set by the user wins.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(V4L_TIMEOUT_S))
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
