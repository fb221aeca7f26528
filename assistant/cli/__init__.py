"""The command `assistant`: one module per verb, loaded only when it is used.

Exit codes: 0 well, 1 something is wrong, 2 wrong usage, 130 Ctrl-C, 141 whoever read the lines has ended; the others
stand with their errors in `assistant.errors`.
"""

import sys
from importlib import import_module

import click

from assistant import __version__
from assistant.cli import output
from assistant.errors import AssistantError

VERBS = {
    "run": "Watch through the camera and speak.",
    "ask": "Ask the running assistant, or steer it.",
    "look": "Read pictures, folders or videos, or the camera for a while.",
    "say": "Speak a sentence, to try the voice.",
    "voices": "List the voices that are installed, and try one.",
    "people": "Learn people by name, list, rename and forget them.",
    "models": "List, check and install models.",
    "doctor": "Check everything that is needed, and say what to do.",
    "config": "Check a settings file.",
    "service": "Install the assistant as a service that starts on boot.",
}


class Verbs(click.Group):
    """Finds each verb in the module of the same name, so that starting one does not load the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order in which they are explained."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a verb; None for a word that is none."""
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"assistant.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the verbs without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs)
@click.version_option(__version__, message="assistant %(version)s")
@click.option("--verbose", is_flag=True, help="Show the log on the terminal, not only its warnings.")
@click.option("--debug", is_flag=True, help="Log everything, sentences too, and show where errors come from.")
@click.pass_context
def cli(ctx: click.Context, verbose: bool, debug: bool) -> None:
    """A voice assistant for people who cannot see: tells who is in front and how they look."""
    ctx.obj = debug
    output.set_up_log(verbose=verbose, debug=debug)


def main() -> None:
    """Runs a verb; turns every error of ours into one sentence on stderr and its exit code."""
    output.set_up()
    try:
        sys.exit(cli.main(standalone_mode=False))
    except AssistantError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"assistant: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
