"""Learning somebody from pictures: which of them can be learnt from, and why the others cannot."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from assistant.cli import known
from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import shown
from assistant.domain import people as domain
from assistant.domain.enrolment import SAME
from assistant.domain.people import Gallery, Learnt, Matching, Sample
from assistant.domain.ports import FaceRecognizer
from assistant.errors import PeopleError, PictureError
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.fitness import Lack
from assistant.senses.faces.recognizers import recognizer
from assistant.senses.faces.sampling import Crowd, Sampler

WHY: Mapping[Lack | Crowd, str] = {
    Crowd.NOBODY: "no face is found in it",
    Crowd.SEVERAL: "it shows several faces",
    Lack.POINTS: "the eyes and the mouth are not seen",
    Lack.SMALL: "the face is too small",
    Lack.CUT: "the face is cut by the edge",
    Lack.TURNED: "the face is turned too far",
    Lack.DARK: "the face is too dark or too pale",
    Lack.BLURRED: "the face is blurred",
}
ENOUGH = 5
"""So many samples make somebody known well."""


def learn(name: str, pictures: Sequence[Path], detector_name: str) -> None:
    """Learns somebody from pictures of them alone; tells which are left out, and how good the others are.

    Raises:
        PeopleError: the name is none, or no picture can be learnt from.
        ModelError: no network recognises faces.
    """
    name = domain.spelled(name)
    network = recognizer()
    taken = list(_samples(Sampler(detector(detector_name), network), network, pictures))
    odd = domain.strangers([sample.vector for _, sample in taken], network.matching)
    for number in odd:
        click.echo(f"{shown(taken[number][0])} is left out: the face is too unlike the others.", err=True)
    kept = [sample for number, (_, sample) in enumerate(taken) if number not in odd]
    if not kept:
        raise PeopleError("None of these pictures can be learnt from.", "Take sharp ones of one face, from near.")
    with known.opened() as everybody:
        _warn_of_another(name, kept, everybody.gallery(), network.matching)
        everybody.add([Learnt(name, time.time(), tuple(kept))])
    better = "" if len(kept) >= ENOUGH else f" {ENOUGH} are better: add more, turned a little and in other light."
    click.echo(f"{name} is learnt from {len(kept)} picture{'s' if len(kept) > 1 else ''}.{better}")


def look(picture: Path, detector_name: str) -> list[tuple[str, float]]:
    """Whose face a picture shows: names (empty: nobody's who is learnt) and probabilities, the likeliest first.

    Raises:
        PeopleError: it does not show one face well enough.
    """
    network = recognizer()
    with Decoder() as decoder:
        sampled = Sampler(detector(detector_name), network).sample(decoder.picture(picture).pixels)
    if sampled.vector is None:
        raise PeopleError(f"{shown(picture)} cannot be recognised: {WHY[sampled.why or Lack.POINTS]}.")
    with known.opened() as everybody:
        odds = domain.whose(sampled.vector, everybody.gallery(), network.matching)
    return sorted(odds.items(), key=lambda row: -row[1])


def _samples(sampler: Sampler, network: FaceRecognizer, pictures: Sequence[Path]) -> Iterator[tuple[Path, Sample]]:
    """What can be learnt from; the rest is told."""
    taken: list[Sample] = []
    with Decoder() as decoder:
        for picture in pictures:
            try:
                sampled = sampler.sample(decoder.picture(picture).pixels)
            except PictureError as error:
                click.echo(f"assistant: {error}", err=True)
                continue
            if sampled.vector is None:
                click.echo(f"{shown(picture)} is left out: {WHY[sampled.why or Lack.POINTS]}.", err=True)
            elif any(float(sampled.vector @ sample.vector) > SAME for sample in taken):
                click.echo(f"{shown(picture)} is left out: it is nearly the same as another.", err=True)
            else:
                taken.append(Sample(network.model, sampled.vector, time.time()))
                yield picture, taken[-1]


def _warn_of_another(name: str, samples: Sequence[Sample], gallery: Gallery, matching: Matching) -> None:
    """Says that this face is known under another name."""
    for sample in samples:
        odds = domain.whose(sample.vector, gallery, matching)
        likely = max(odds, key=odds.__getitem__)
        if likely and domain.key(likely) != domain.key(name):
            click.echo(f"assistant: this face is known as {likely} already.", err=True)
            return
