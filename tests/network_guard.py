"""Tests talk to this machine only: any other connection or look-up is refused before it leaves, and fails its test.

Python reports every use of a socket to audit hooks, so nothing has to be replaced. What C libraries and child
processes do is not seen: libpq is handed its address by `tests/databases.py`.
"""

import ipaddress
import sys
from collections.abc import Callable

SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname"}

refused: list[str] = []


class NetworkRefusedError(RuntimeError):
    """Not an OSError, so that a client under test does not take it for a broken line and retry."""


def install() -> None:
    """Watch this process from now on; Python offers no way to take an audit hook away."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in SENDING:
        _refuse_unless(_is_local_address, arguments[1], event)
    elif event in LOOKING_UP:
        _refuse_unless(_is_local_name, arguments[0], event)


def _refuse_unless(accepted: Callable[[object], bool], target: object, event: str) -> None:
    if not accepted(target):
        refused.append(f"{event} {target!r}")
        raise NetworkRefusedError(f"a test may only talk to this machine: {event} {target!r}")


def _is_local_address(address: object) -> bool:
    """Anything but an internet address (a Unix socket's path, None for a connected socket) stays on this machine."""
    if not isinstance(address, tuple) or not isinstance(address[0], str):
        return True
    host = _ip(address[0])
    if host is None:
        return address[0] == "localhost"
    mapped = getattr(host, "ipv4_mapped", None)
    return host.is_loopback or (mapped is not None and mapped.is_loopback)


def _is_local_name(name: object) -> bool:
    """An address needs no look-up, whatever it is; connecting to it is judged on its own."""
    text = name.decode() if isinstance(name, bytes) else name
    return text in (None, "", "localhost") or (isinstance(text, str) and _ip(text) is not None)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
