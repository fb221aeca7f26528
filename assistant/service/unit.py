"""The unit files: how systemd starts, watches, restarts and above all confines the assistant.

What an option means stands in systemd.exec(5), systemd.service(5) and systemd.resource-control(5); a comment here says
why it is so, or why something stronger is not there.
"""

from collections.abc import Sequence

from assistant.service.extras import limits
from assistant.service.places import FAILED_UNIT, SYSTEM, SYSTEM_USER, Places

GIVEN_UP = "The assistant failed too often and was given up. It needs help."

# Left out, because the program does not work with it: MemoryDenyWriteExecute (the callbacks of the sound library are
# made at run time) and ProcSubset=pid (the network library reads /proc/cpuinfo).
_ANYWHERE = """\
NoNewPrivileges=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# The thread that answers slowly steps back behind the others.
SystemCallFilter=setpriority
# A call that is not allowed fails; by default it would kill.
SystemCallErrorNumber=EPERM
UMask=0077
# No picture and no name ends up in a core dump.
LimitCORE=0
TasksMax=64
"""

_SYSTEM = f"""\
User={SYSTEM_USER}
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateUsers=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
KeyringMode=private
RemoveIPC=yes
"""

_DEVICES = """\
# Cameras (81), sound (116), keys (13), and what a Raspberry Pi has for cameras and pins; nothing else. Numbers, because
# a name counts only if its driver is loaded when the service starts: a webcam plugged in later would be refused.
DevicePolicy=closed
DeviceAllow=char-81 rw
DeviceAllow=char-116 rw
DeviceAllow=char-13 r
DeviceAllow=char-media rw
DeviceAllow=char-dma_heap rw
DeviceAllow=char-gpiochip rw
"""

_OFFLINE = """\
# The promise that nothing leaves the machine, kept by the kernel.
RestrictAddressFamilies=AF_UNIX
PrivateNetwork=yes
IPAddressDeny=any
"""

_NETWORK_CAMERA = """\
# For a camera with an address, on request.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
"""

_OWN_OFFLINE = """\
# The promise that nothing leaves the machine, kept by the kernel.
RestrictAddressFamilies=AF_UNIX
"""

_WATCHED = """\
Type=notify
NotifyAccess=main
TimeoutStartSec=60
TimeoutStopSec=10
WatchdogSec=15
Restart=on-failure
RestartSec=2
# A second assistant beside this one would end again and again.
RestartPreventExitStatus=10
"""

_FOLDERS = f"""\
StateDirectory={SYSTEM.state.name}
StateDirectoryMode=0700
RuntimeDirectory={SYSTEM_USER}
RuntimeDirectoryMode=0700
RuntimeDirectoryPreserve=restart
# The library for pins makes a pipe in the folder that it runs in.
WorkingDirectory=/run/{SYSTEM_USER}
"""


def service(places: Places, network_camera: bool, parts: Sequence[str]) -> str:
    """The unit of the service.

    Args:
        places: Where it is installed.
        network_camera: Whether it may reach a camera over the network.
        parts: What is installed to answer questions, see `extras.ANSWERS`; the limits follow from it.
    """
    after = "pipewire.service pipewire-pulse.service pulseaudio.service" if places.user else "sound.target"
    if network_camera and not places.user:
        after += " network-online.target\nWants=network-online.target"
    return f"""\
# Written by "assistant service install". Changes of your own belong into "systemctl edit assistant".
[Unit]
Description=Voice assistant for people who cannot see
After={after}
# It is started again ten times in five minutes, then {FAILED_UNIT} tells it.
StartLimitIntervalSec=300
StartLimitBurst=10
OnFailure={FAILED_UNIT}

[Service]
ExecStart={_python(places)} run
{_environment(places)}{_WATCHED}{"" if places.user else _FOLDERS}
{_confined(places, network_camera)}{limits(parts)}
[Install]
WantedBy={"default.target" if places.user else "multi-user.target"}
"""


def failed(places: Places) -> str:
    """The unit that says that the service was given up; with the default settings where it is these that are wrong."""
    say = f"{_python(places)} say"
    return f"""\
# Written by "assistant service install".
[Unit]
Description=Says that the voice assistant was given up

[Service]
Type=oneshot
TimeoutStartSec=60
ExecStart=/bin/sh -c '{say} "{GIVEN_UP}" || {say} --config /dev/null "{GIVEN_UP}"'
{_environment(places)}
{_confined(places, network_camera=False)}{limits(())}"""


def _python(places: Places) -> str:
    """The program, deaf to the environment and to the folder it is started in; on an abort it says where it hung."""
    return f"{places.current}/bin/python -I -X faulthandler -m assistant"


def _environment(places: Places) -> str:
    """Variables for this machine, e.g. PULSE_SERVER for a sound server; the file need not exist."""
    return f"EnvironmentFile=-{places.config.parent}/environment\n"


def _confined(places: Places, network_camera: bool) -> str:
    if places.user:  # A user's service manager may not change mounts, devices or capabilities.
        return f"{_NETWORK_CAMERA if network_camera else _OWN_OFFLINE}{_ANYWHERE}"
    return f"{_SYSTEM}{_NETWORK_CAMERA if network_camera else _OFFLINE}{_DEVICES}{_ANYWHERE}"
