"""The tests' own safety nets hold."""

import socket

import pytest

from tests.support.network import NetworkBlocked


def test_a_test_that_reaches_for_another_machine_fails() -> None:
    with socket.socket() as outside, pytest.raises(NetworkBlocked):
        outside.connect(("192.0.2.1", 80))


def test_a_name_of_another_machine_is_refused_before_it_is_looked_up() -> None:
    with socket.socket() as outside, pytest.raises(NetworkBlocked):
        outside.connect_ex(("example.invalid", 80))


def test_the_loopback_address_can_be_reached() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
