"""One step after the other, each said; in a dry run they are only said."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssistantError


class Steps:
    """Carries out what an installation consists of.

    Args:
        say: Is given one line for each step, before it is carried out.
        dry_run: Whether to change nothing.
    """

    def __init__(self, say: Callable[[str], None], dry_run: bool) -> None:
        self.say = say
        self.dry_run = dry_run

    def command(self, what: str, *arguments: str | Path) -> None:
        """Runs a command.

        Args:
            what: The line that says it.
            arguments: The command.

        Raises:
            AssistantError: it is missing, or fails; carries the last line that it wrote.
        """
        self.say(what)
        if not self.dry_run:
            run(*arguments)

    def write(self, what: str, path: Path, text: str) -> None:
        """Writes a text file in one move; one that is the same already is left as it is."""
        if path.exists() and path.read_text(encoding="utf-8") == text:
            self.say(f"There already: {path}.")
            return
        self.say(f"{what}: {path}.")
        if not self.dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.new")
            fresh.write_text(text, encoding="utf-8")
            fresh.chmod(0o644)
            fresh.replace(path)

    def link(self, what: str, path: Path, target: Path) -> None:
        """Lets a link point to `target`, in one move.

        Raises:
            AssistantError: there is something else that is no link.
        """
        if path.is_symlink() and path.readlink() == target:
            self.say(f"There already: {path}.")
            return
        if path.exists() and not path.is_symlink():
            raise AssistantError(f"{path} is there already and is not ours.", "Move it away, then try again.")
        self.say(f"{what}: {path}.")
        if not self.dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(target)
            fresh.replace(path)

    def remove(self, path: Path) -> None:
        """Removes a file, a link or a whole folder, if it is there."""
        if not path.is_symlink() and not path.exists():
            return
        self.say(f"Removing {path}.")
        if self.dry_run:
            return
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def run(*arguments: str | Path) -> str:
    """Runs a command and gives what it wrote.

    Raises:
        AssistantError: it is missing, or fails; carries the last line that it wrote.
    """
    command = [str(argument) for argument in arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise AssistantError(f'The command "{command[0]}" is missing on this system.') from error
    if done.returncode:
        written = (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()
        raise AssistantError(f'"{" ".join(command[:3])}" failed: {written[-1]}')
    return done.stdout
