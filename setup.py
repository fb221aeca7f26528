"""Puts models/, voices/ and config.yaml, which stand at the root of the repository, into every built package.

Everything else about the package is in pyproject.toml. `assistant.weights.data_folder` finds the copies.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("config.yaml", "models", "voices")
"""Files and folders at the root of the repository that are data of the package."""


def data_files() -> Iterator[Path]:
    """Paths of the data, relative to the root: no code, plots or inputs that only tests need."""
    for root in map(Path, DATA):
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            making = path.parts[0] == "models" and {"training", "evaluation"} & set(path.parts)
            hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
            if path.is_file() and not making and not hidden and path.suffix not in (".png", ".npz"):
                yield path


class BuildWithData(build_py):
    """Copies the data into the package, unless the package is used where it stands (editable)."""

    def run(self) -> None:
        """Builds the modules, then copies the data beside them."""
        super().run()
        for target, source in self._copies().items():
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def get_source_files(self) -> list[str]:
        """What goes into it; the source distribution is made of this."""
        return [*super().get_source_files(), *map(str, data_files())]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What `run` makes."""
        return [*super().get_outputs(include_bytecode), *self._copies()]

    def get_output_mapping(self) -> dict[str, str]:
        """What `run` makes, with what it is made of."""
        return super().get_output_mapping() | self._copies()

    def _copies(self) -> dict[str, str]:
        if self.editable_mode:
            return {}
        return {str(Path(self.build_lib, "assistant", "_data", path)): str(path) for path in data_files()}


setup(cmdclass={"build_py": BuildWithData})
