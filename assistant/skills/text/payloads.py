"""What a code holds, told plainly and safely: nothing is opened, and what is hostile in it is left out.

Forms of QR codes: "MECARD" and "WIFI" as ZXing documents them (Barcode Contents), vCard of RFC 6350, addresses.
"""

import re
import unicodedata
from collections.abc import Iterator

from assistant.domain.values import Phrase, Verbatim

SAID = 200
"""So many characters of a text are said; the rest is counted."""
KEPT = 4096
"""So many are kept at all."""
WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_FIELD = re.compile(r"((?:\\.|[^;\\])*);?")


def cleaned(text: str) -> str:
    """Text of a code in one line, without what is no letter: control characters, marks that turn the direction."""
    spaced = "".join(" " if letter.isspace() else letter for letter in text[: 4 * KEPT])
    letters = (letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(letters).split())[:KEPT]


def told(kind: str, text: str) -> tuple[Phrase, ...]:
    """The sentences for one code.

    Args:
        kind: "qr", or the kind of a barcode.
        text: What it holds.
    """
    if kind != "qr":
        return (Phrase("code_product", {"digits": Verbatim(" ".join(text))}),)
    form = text.lstrip()[:12].upper()
    if form.startswith("WIFI:"):
        name = _fields(text).get("S", "")
        return (Phrase("code_wifi", {"name": _short(name)}),)
    if form.startswith(("MECARD:", "BEGIN:VCARD")):
        return (Phrase("code_contact", {"who": _short(", ".join(_contact(text)))}),)
    for start, message in (("MAILTO:", "code_mail"), ("TEL:", "code_phone")):
        if form.startswith(start):
            return (Phrase(message, {"what": _short(text.strip()[len(start) :].partition("?")[0])}),)
    line = cleaned(text)
    message = "code_web" if WEB.fullmatch(line) else "code_text"
    rest = len(line) - SAID
    more = (Phrase("code_more", {"count": rest}),) if rest > 0 else ()
    return (Phrase(message, {"text": _short(line)}), *more)


def _short(text: str) -> Verbatim:
    return Verbatim(cleaned(text)[:SAID])


def _fields(text: str) -> dict[str, str]:
    """The fields of "WIFI:S:name;P:secret;;" and its like; of several the first counts."""
    fields: dict[str, str] = {}
    for field in _FIELD.findall(text.strip().partition(":")[2][:KEPT]):
        key, colon, value = field.partition(":")
        if colon:
            fields.setdefault(key.strip().upper(), _ESCAPED.sub(r"\1", value))
    return fields


def _contact(text: str) -> Iterator[str]:
    """Name, telephone and mail of a contact."""
    if text.lstrip()[:6].upper() == "MECARD":
        fields = _fields(text)
        name = " ".join(reversed([part.strip() for part in fields.get("N", "").split(",")]))
    else:
        fields = {}
        for line in re.sub(r"\r?\n[ \t]", "", text[:KEPT]).splitlines():
            key, colon, value = line.partition(":")
            if colon:
                fields.setdefault(key.partition(";")[0].strip().upper(), _ESCAPED.sub(r"\1", value))
        name = fields.get("FN") or " ".join(reversed(fields.get("N", "").split(";")[:2]))
    yield from (value for value in (name.strip(), fields.get("TEL", ""), fields.get("EMAIL", "")) if value.strip())
