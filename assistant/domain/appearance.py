"""What a face shows, and how firmly that may be said: where it is turned, its mouth, its expression."""

from collections.abc import Mapping

from assistant.domain.beliefs import OF_PEOPLE
from assistant.domain.steady import Steady
from assistant.domain.values import Confidence, Thresholds

HEDGED = Thresholds(sure=None, unsure=0.0)
"""For a label of which the model's manifest says nothing."""


def faced(belief: Steady) -> str | None:
    """Where a head is turned, settled or not; None where nothing is likely enough."""
    value = belief.value or belief.guess
    return value if value and belief.certainty(value) >= OF_PEOPLE["facing"].floor else None


def mouth(belief: Steady, firmness: Thresholds) -> str | None:
    """Whether a mouth is covered, as `PersonView.mouth` tells it.

    "covered" once that has settled and is likely enough to be said, "perhaps" as soon as it is likely at all.

    Args:
        belief: In "bare" and "covered".
        firmness: How firmly a mouth may be called covered.
    """
    if belief.guess is None:
        return None
    confidence = firmness.confidence(belief.certainty("covered"))
    if belief.value == "covered" and confidence is Confidence.SURE:
        return "covered"
    return "perhaps" if belief.value == "covered" or confidence is not Confidence.CANNOT_TELL else "bare"


def hidden(mouth: str | None) -> bool:
    """Whether too little of a face may be seen for its expression to be said unhedged."""
    return mouth in ("covered", "perhaps")


def expressed(belief: Steady, thresholds: Mapping[str, Thresholds], mouth: str | None) -> Confidence:
    """How firmly the expression that is believed, or else the best guess, may be said.

    Args:
        belief: In the expressions.
        thresholds: How firmly each may be said, by label.
        mouth: As the function of that name gives it.
    """
    expression = belief.value or belief.guess
    if expression is None:
        return Confidence.CANNOT_TELL
    confidence = thresholds.get(expression, HEDGED).confidence(belief.certainty(expression))
    if confidence is Confidence.SURE and (belief.value is None or hidden(mouth)):
        confidence = Confidence.UNSURE
    if confidence is Confidence.UNSURE and expression == "neutral":  # perhaps nothing to be seen
        confidence = Confidence.CANNOT_TELL
    return confidence
