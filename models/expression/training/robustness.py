"""Measures the exported file under the conditions a worn camera meets; writes them into metrics.json.

    python robustness.py DATA [--model models/expression]

Every condition is applied to the validation faces as they are in the data set, by OpenCV and not by the code that
augmented the training, and read by LiteRT alone.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from assistant.domain.steady import Steady
from assistant.settings import Beliefs
from models.evaluation import data, metrics
from models.evaluation.metrics import LABELS, Majority
from models.evaluation.model import Model, Reader
from models.evaluation.report import said

SETTLE_S = Beliefs().settle_s
"""How long a reading has to last before the program believes it, seconds."""

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def warp(
    image: np.ndarray, degrees: float = 0.0, scale: float = 1.0, right: float = 0.0, down: float = 0.0
) -> np.ndarray:
    """Turns, scales and shifts (in pixels) a picture about its middle; the border repeats its edge."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, scale)
    matrix[:, 2] += (right, down)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def tone(image: np.ndarray, gain: float = 1.0, gamma: float = 1.0) -> np.ndarray:
    """Scales light and bends the tone curve, rounded to whole grey levels."""
    return np.round(255 * (image / 255) ** gamma * gain).clip(0, 255).astype(np.uint8)


def grain(image: np.ndarray, random: np.random.Generator, sigma: float) -> np.ndarray:
    """Adds Gaussian noise of so many grey levels."""
    return (image + random.normal(0, sigma, image.shape)).round().clip(0, 255).astype(np.uint8)


def small(image: np.ndarray, side: int) -> np.ndarray:
    """The picture as if its source had been only `side` pixels wide."""
    reduced = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(reduced, image.shape[::-1], interpolation=cv2.INTER_LINEAR)


def jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """Through JPEG and back."""
    _, code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)


def covered(image: np.ndarray, top: float, bottom: float) -> np.ndarray:
    """A grey band over rows from `top` to `bottom` (fractions), as a mask or dark glasses lie over a face."""
    result = image.copy()
    height = len(image)
    result[round(top * height) : round(bottom * height)] = 100
    return result


CONDITIONS: dict[str, tuple[float | None, Change]] = {
    "rotation +20 degrees": (6, lambda image, _: warp(image, degrees=20)),
    "rotation -20 degrees": (6, lambda image, _: warp(image, degrees=-20)),
    "scale 1.15": (6, lambda image, _: warp(image, scale=1.15)),
    "scale 0.85": (6, lambda image, _: warp(image, scale=0.85)),
    "shift 10 % across": (6, lambda image, random: warp(image, right=4.8 * random.choice((-1, 1)))),
    "shift 10 % up or down": (6, lambda image, random: warp(image, down=4.8 * random.choice((-1, 1)))),
    "half light": (6, lambda image, _: tone(image, gain=0.5)),
    "gamma 0.5": (6, lambda image, _: tone(image, gamma=0.5)),
    "gamma 2": (6, lambda image, _: tone(image, gamma=2.0)),
    "noise sigma 10": (6, lambda image, random: grain(image, random, 10)),
    "24-pixel source": (6, lambda image, _: small(image, 24)),
    "JPEG quality 20": (6, lambda image, _: jpeg(image, 20)),
    "0.15 x light": (15, lambda image, _: tone(image, gain=0.15)),
    "noise sigma 20": (15, lambda image, random: grain(image, random, 20)),
    "blur sigma 1.5": (15, lambda image, _: cv2.GaussianBlur(image, (0, 0), 1.5)),
    "mouth covered": (None, lambda image, _: covered(image, 0.62, 1.0)),
    "eyes covered": (None, lambda image, _: covered(image, 0.22, 0.48)),
}
"""Condition: (points of accuracy it may cost, or None where it is only reported; what it does)."""


def condition(reader: Reader, images: np.ndarray, truth: Majority, sure: Mapping[str, float | None]) -> dict[str, Any]:
    """FER+ accuracy and macro-F1, and what is still said unhedged, on changed pictures."""
    answer = reader(images).answer
    decided, seen = truth.decided, truth.seen
    spoken = said(answer[seen], truth.truth[seen], metrics.unhedged(answer[seen], sure))
    return {
        "accuracy": metrics.accuracy(answer[decided], truth.truth[decided]),
        "macro_f1": metrics.macro_f1(metrics.confusion(answer[decided], truth.truth[decided])),
        "unhedged_coverage": spoken["coverage"],
        "unhedged_accuracy": spoken["accuracy"],
    }


def one_pixel(reader: Reader, images: np.ndarray) -> float:
    """Share of labels that change after a shift of one pixel; mean over the four directions."""
    before = reader(images).answer.argmax(axis=1)
    changes = []
    for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        moved = np.array([warp(image, right=right, down=down) for image in images])
        changes.append(np.mean(reader(moved).answer.argmax(axis=1) != before))
    return float(np.mean(changes))


def jittered(image: np.ndarray, frames: int, random: np.random.Generator) -> np.ndarray:
    """A still face rendered anew so many times: (frames, height, width).

    The box jitters by 1 % of its side in place and size (standard deviation), as a detector's does on a still face, and
    the sensor adds noise of 3 grey levels.
    """
    rendered = []
    for _ in range(frames):
        right, down = random.normal(0, 0.01 * len(image), 2)
        moved = warp(image, scale=math.exp(random.normal(0, 0.01)), right=right, down=down)
        rendered.append(grain(moved, random, 3))
    return np.array(rendered)


def flicker(reader: Reader, images: np.ndarray, seconds: float, rate_hz: float, seed: int = 0) -> tuple[float, float]:
    """Changes a second on still faces, means over the faces: of the raw label, and of what the scene believes.

    Settling for the first time is no change.
    """
    random = np.random.default_rng(seed)
    raw = believed = 0
    for image in images:
        answers = reader(jittered(image, round(seconds * rate_hz), random)).answer
        labels = answers.argmax(axis=1)
        raw += int((labels[1:] != labels[:-1]).sum())
        belief = Steady(SETTLE_S)
        settled = [
            belief.observe(frame / rate_hz, dict(zip(LABELS, row, strict=True)))
            for frame, row in enumerate(answers.tolist())
        ]
        believed += max(0, sum(settled) - 1)
    return raw / (len(images) * seconds), believed / (len(images) * seconds)


def measure(arguments: argparse.Namespace) -> None:
    """Measures everything and adds it to metrics.json."""
    faces = data.read(arguments.data, data.VALIDATION)
    truth = metrics.majority(faces.votes)
    model = Model(arguments.model)
    reader, sure = model.read, model.sure

    clean = condition(reader, faces.images, truth, sure)
    print(f"{'as they are':24s} {clean['accuracy']:.3f}")
    table = {"as they are": clean}
    for name, (allowed, change) in CONDITIONS.items():
        random = np.random.default_rng(0)
        row = condition(reader, np.array([change(image, random) for image in faces.images]), truth, sure)
        row |= {"points_lost": 100 * (clean["accuracy"] - row["accuracy"]), "points_allowed": allowed}
        table[name] = row
        unhedged = "-" if row["unhedged_accuracy"] is None else f"{row['unhedged_accuracy']:.3f}"
        print(
            f"{name:24s} {row['accuracy']:.3f}  lost {row['points_lost']:4.1f} of {allowed}"
            f"  macro-F1 {row['macro_f1']:.3f}  unhedged {row['unhedged_coverage']:.3f} right {unhedged}",
            flush=True,
        )
    shifted = one_pixel(reader, faces.images)
    chosen = np.random.default_rng(1).choice(np.flatnonzero(truth.seen), arguments.still_faces, replace=False)
    raw, believed = flicker(reader, faces.images[chosen], arguments.seconds, arguments.rate_hz)
    print(f"labels changed by one pixel {shifted:.3f}; flicker {raw:.2f} changes/s, after the scene {believed:.4f}")

    path = arguments.model / "metrics.json"
    figures = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    figures["robustness"] = {
        name: {k: v if v is None else round(v, 4) for k, v in row.items()} for name, row in table.items()
    }
    figures["one_pixel_label_changes"] = round(shifted, 4)
    figures["flicker"] = {
        "changes_per_s": round(raw, 4),
        "belief_changes_per_s": round(believed, 6),
        "faces": arguments.still_faces,
        "seconds": arguments.seconds,
        "rate_hz": arguments.rate_hz,
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--model", type=Path, default=Path(__file__).resolve().parent.parent, help="folder of the model"
    )
    parser.add_argument("--still-faces", type=int, default=40, help="faces for the flicker test")
    parser.add_argument("--seconds", type=float, default=300.0, help="length of the flicker test")
    parser.add_argument("--rate-hz", type=float, default=10.0, help="frames a second in the flicker test")
    try:
        measure(parser.parse_args())
    except data.DataError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
