"""`assistant ask`: a question or an order to the running assistant, through its control socket."""

import json

import click

from assistant.devices.control_client import ask
from assistant.devices.socket_path import runtime_path
from assistant.domain.commands import COMMANDS
from assistant.errors import AssistantError
from assistant.speech.language import read_language
from assistant.weights import data_folder


class _Ask(click.Command):
    """Lists the commands with the words by which the voice names them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, and what can be asked."""
        super().format_options(ctx, formatter)
        words = read_language(data_folder("voices") / "en").words["verb"]
        with formatter.section("What to ask (installed skills add to it)"):
            formatter.write_dl([(row.verb, str(words[row.verb])) for row in COMMANDS])


@click.command(cls=_Ask)
@click.argument("what")
@click.argument("about", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as one line of JSON.")
def command(what: str, about: tuple[str, ...], as_json: bool) -> None:
    """Ask the running assistant, or steer it: WHAT is one of the words below, ABOUT its subject where it takes one."""
    reply = ask(runtime_path(), {"ask": what, "about": " ".join(about)} if about else {"ask": what})
    if not reply.get("ok"):
        raise AssistantError(str(reply.get("error", "It did not understand.")))
    if as_json:
        click.echo(json.dumps(reply))
    else:
        for key, value in reply.items():
            if key != "ok":
                click.echo(f"{key}: {value}")
