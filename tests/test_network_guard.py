"""The guard that keeps every other test on this machine."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import network_guard
from tests.network_guard import NetworkRefusedError

# Set aside for documentation (RFC 5737, RFC 3849, RFC 2606): they belong to nobody.
PUBLIC = ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"]


@pytest.fixture
def expect_refusal() -> Iterator[None]:
    yield
    assert network_guard.refused, "nothing was refused"
    network_guard.refused.clear()


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


@pytest.mark.usefixtures("expect_refusal")
@pytest.mark.parametrize("address", PUBLIC)
def test_a_connection_to_a_public_address_is_refused(address: str) -> None:
    with socket.socket(family(address)) as client, pytest.raises(NetworkRefusedError, match=address):
        client.connect((address, 80))


@pytest.mark.usefixtures("expect_refusal")
def test_a_datagram_to_a_public_address_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(NetworkRefusedError):
        client.sendto(b"anybody there?", ("192.0.2.1", 53))


@pytest.mark.usefixtures("expect_refusal")
async def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(NetworkRefusedError, match=r"slack\.example"):
        await asyncio.open_connection("slack.example", 443)


@pytest.mark.usefixtures("expect_refusal")
def test_a_refusal_that_the_code_swallowed_is_remembered() -> None:
    with socket.socket() as client, contextlib.suppress(Exception):
        client.connect(("192.0.2.1", 80))
    assert network_guard.refused == ["socket.connect ('192.0.2.1', 80)"]


async def test_a_server_on_this_machine_can_be_reached() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()


def test_a_unix_socket_can_be_reached(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
