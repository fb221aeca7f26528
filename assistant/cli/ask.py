"""`assistant ask`: a question or an order to the running assistant, through its control socket."""

import json

import click

from assistant.devices.control_socket import ask
from assistant.devices.socket_path import runtime_path
from assistant.domain.values import Verb
from assistant.errors import AssistantError


@click.command()
@click.argument("what", type=click.Choice([verb.value for verb in Verb]))
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply as one line of JSON.")
def command(what: str, as_json: bool) -> None:
    """Ask the running assistant, or steer it.

    now: what is in front. detail: more of it. repeat: what was said last. history: the last sentences, as text.
    stop: be quiet. status: how it is doing. disclose: one sentence for the people around. verbosity: say more or less.
    sound: sentences, short sounds, or nothing. faster, slower, louder, softer: the voice. snooze: quiet for half an
    hour. practice: name what is pressed, and do nothing. camera: off, or on again. reload: take new settings. help: the
    keys. quit: end it.
    """
    reply = ask(runtime_path(), {"ask": what})
    if not reply.get("ok"):
        raise AssistantError(str(reply.get("error", "It did not understand.")))
    if as_json:
        click.echo(json.dumps(reply))
    else:
        for key, value in reply.items():
            if key != "ok":
                click.echo(f"{key}: {value}")
