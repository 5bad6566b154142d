"""No test reaches beyond this machine: a connection to anything but the loopback address is an error."""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

NAMES_OF_HERE = {"localhost", ""}


class NetworkBlocked(RuntimeError):
    """A test tried to reach another machine."""


def is_here(address: Any) -> bool:
    """Unix sockets, the loopback range and its names."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in NAMES_OF_HERE:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: socket.socket, address: Any) -> Any:
        if not is_here(address):
            raise NetworkBlocked(f"a test tried to reach {address!r}")
        return original(self, address)

    return call


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield
