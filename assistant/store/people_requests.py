"""What may be asked about the people who are learnt, as JSON: by the command line at home, or through the socket.

`{"do": "list"}`, `"samples"`, `"add"`, `"rename"`, `"forget"` or `"forget_all"`; each reply has "ok". Long answers come
in pages (`"from"`), and a person is added sample by sample, so that each message fits through the control socket.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy import float32

from assistant.domain.people import Learnt, Sample, is_unit, key
from assistant.errors import NotLearnt, OtherModel, PeopleError
from assistant.store.people import People

PAGE = 20
"""People or samples in one reply."""
Reply = dict[str, Any]


def serve(people: People, request: str) -> Reply:
    """Does what a request says.

    Args:
        people: The one writer.
        request: JSON, see this module's description; from anybody who may ask, so nothing is believed of it.

    Returns:
        "ok", and what was asked for or, as "error", why not.
    """
    try:
        asked = json.loads(request)
        return {"ok": True, **_DEEDS[asked["do"]](people, asked)}
    except PeopleError as error:
        return {"ok": False, "error": str(error), "message": error.phrase}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {"ok": False, "error": f"say one of {', '.join(_DEEDS)}, as JSON"}


def row_of(sample: Sample) -> dict[str, Any]:
    """A sample as JSON."""
    vector = b64encode(sample.vector.astype("<f4").tobytes()).decode()
    return {"model": sample.model, "taken_at": sample.taken_at, "vector": vector}


def sample_of(row: Any) -> Sample:
    """A sample from JSON.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    vector = np.frombuffer(b64decode(row["vector"], validate=True), "<f4").astype(float32)
    if not is_unit(vector):
        raise ValueError("no unit vector")
    return Sample(str(row["model"]), vector, float(row["taken_at"]))


def _list(people: People, asked: Mapping[str, Any]) -> Reply:
    everybody, begin = people.everybody(), int(asked.get("from", 0))
    rows = [
        {
            "name": each.name,
            "learnt_at": each.learnt_at,
            "samples": len(each.samples),
            "usable": each.usable(people.gallery.model),
        }
        for each in everybody[begin : begin + PAGE]
    ]
    return {"people": rows, "total": len(everybody), "model": people.gallery.model}


def _samples(people: People, asked: Mapping[str, Any]) -> Reply:
    name, begin = str(asked["name"]), int(asked.get("from", 0))
    found = next((each for each in people.everybody() if key(each.name) == key(name)), None)
    if found is None:
        raise NotLearnt(name)
    rows = [row_of(sample) for sample in found.samples[begin : begin + PAGE]]
    return {"samples": rows, "total": len(found.samples)}


def _add(people: People, asked: Mapping[str, Any]) -> Reply:
    sample = sample_of(asked["sample"])
    if sample.model != people.gallery.model:
        raise OtherModel([str(asked["name"])])
    people.add([Learnt(str(asked["name"]), float(asked.get("learnt_at", 0)), (sample,))])
    return {}


def _rename(people: People, asked: Mapping[str, Any]) -> Reply:
    return {"name": people.rename(str(asked["name"]), str(asked["to"]))}


def _forget(people: People, asked: Mapping[str, Any]) -> Reply:
    return {"name": people.forget(str(asked["name"]))}


def _forget_all(people: People, asked: Mapping[str, Any]) -> Reply:
    return {"forgotten": people.forget_all()}


_DEEDS: Mapping[str, Callable[[People, Mapping[str, Any]], Reply]] = {
    "list": _list,
    "samples": _samples,
    "add": _add,
    "rename": _rename,
    "forget": _forget,
    "forget_all": _forget_all,
}
