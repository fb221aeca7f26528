"""The networks that find and read lines: files inside the package rapidocr, whose code is never run.

PP-OCRv6 small of PaddleOCR, Apache-2.0 like the package. They run in onnxruntime; any other file is refused.
"""

from importlib.util import find_spec
from pathlib import Path

from assistant.errors import ModelMissing, PartMissing
from assistant.manifests import File
from assistant.weights import Weights, verified

EXTRA = "text"
"""The extra of this program that brings both packages."""
FINDER = File("PP-OCRv6_det_small.onnx", 9929594, "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f")
READER = File("PP-OCRv6_rec_small.onnx", 21234383, "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")


def network(file: File) -> Weights:
    """The verified content of one of the networks.

    Raises:
        PartMissing: a package is not installed.
        ModelMissing: the installed rapidocr does not hold it.
        ModelBroken: it is another file.
    """
    if find_spec("onnxruntime") is None:
        raise PartMissing("onnxruntime", EXTRA)
    package = find_spec("rapidocr")
    if package is None or package.origin is None:
        raise PartMissing("rapidocr", EXTRA)
    path = Path(package.origin).parent / "models" / file.name
    if not path.is_file():
        raise ModelMissing(f"The package rapidocr does not hold {file.name}.", f"Install assistant[{EXTRA}] again.")
    return verified(path, file)
