"""Servers that go wrong on 443 in ways no real server can be configured to.

usage: faults.py CHAIN KEY PORT=NAME:ARGUMENT…, inside the lab only. The names are those of vpc/behaviours.py.
"""
import asyncio
import pathlib
import socket
import ssl
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.client_hello import server_name  # noqa: E402
from vpc.isolation import require_own_namespace  # noqa: E402

FOR_EVER = 3600
REAL = ("127.0.0.1", 443)  # nginx, answering like AWS


def reset(writer):
    """Closes with RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def tls_silent(reader, writer, _):
    await reader.read(65536)
    await asyncio.sleep(FOR_EVER)


async def tls_reset(reader, writer, _):
    await reader.read(65536)
    reset(writer)


async def tls_closed(reader, writer, _):
    await reader.read(65536)


async def not_tls(reader, writer, _):
    await reader.read(65536)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nServer: squid\r\nContent-Length: 0\r\n\r\n")
    await asyncio.sleep(FOR_EVER)


async def tls_alert(reader, writer, argument):
    await reader.read(65536)
    writer.write(bytes([0x15, 3, 3, 0, 2, 2, int(argument or 40)]))  # RFC 8446 section 6.2: 40 handshake_failure


async def tls_garbage(reader, writer, _):
    writer.write(bytes((i * 37 + 11) % 256 for i in range(65536)))
    await writer.drain()
    await asyncio.sleep(FOR_EVER)


async def reset_names(reader, writer, forbidden):
    """A firewall that cuts connections by the server name of the ClientHello."""
    hello = await reader.read(65536)
    if forbidden in server_name(hello):
        reset(writer)
        return
    await forward(reader, writer, hello, None, None)


async def cut(reader, writer, limit, how):
    await forward(reader, writer, b"", int(limit), how)


async def forward(reader, writer, first, limit, how):
    """To nginx and back; after `limit` bytes back it stalls, or ends by `how`."""
    real_reader, real_writer = await asyncio.open_connection(*REAL)
    real_writer.write(first)

    async def there():
        while data := await reader.read(65536):
            real_writer.write(data)

    asyncio.get_running_loop().create_task(there())
    passed = 0
    while limit is None or passed < limit:
        data = await real_reader.read(65536 if limit is None else limit - passed)
        if not data:
            return
        passed += len(data)
        writer.write(data)
        await writer.drain()
    if how:
        await how(writer)
    else:
        await asyncio.sleep(FOR_EVER)


async def by_reset(writer):
    reset(writer)


async def by_close(writer):
    writer.close()


async def stall_after(reader, writer, limit):
    await cut(reader, writer, limit, None)


async def reset_after(reader, writer, limit):
    await cut(reader, writer, limit, by_reset)


async def close_after(reader, writer, limit):
    await cut(reader, writer, limit, by_close)


async def http_silent(reader, writer, _):
    await reader.read(65536)
    await asyncio.sleep(FOR_EVER)


async def http_drip(reader, writer, _):
    await reader.read(65536)
    for byte in b"HTTP/1.1 200 OK\r\nx-amzn-RequestId: 0\r\n\r\n":
        writer.write(bytes([byte]))
        await asyncio.sleep(1)


async def http_endless(reader, writer, _):
    await reader.read(65536)
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Padding: " + b"x" * 4000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)  # drain alone gives no one else a turn, and never learns that this client has gone


async def http_garbage(reader, writer, _):
    await reader.read(65536)
    writer.write(bytes((i * 89 + 7) % 256 for i in range(4096)))
    await asyncio.sleep(FOR_EVER)


async def http_closed(reader, writer, _):
    await reader.read(65536)


async def http_reset(reader, writer, _):
    await reader.read(65536)
    reset(writer)


def guarded(behave, argument):
    async def serve(reader, writer):
        try:
            await behave(reader, writer, argument)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass  # the probe has gone, as it may
        finally:
            writer.close()
    return serve


async def main(chain, key, specifications):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    for specification in specifications:
        port, _, behaviour = specification.partition("=")
        name, _, argument = behaviour.partition(":")
        behave = globals()[name.replace("-", "_")]
        tls = context if name.startswith("http-") else None
        await asyncio.start_server(guarded(behave, argument), port=int(port), ssl=tls, backlog=4096)
    await asyncio.sleep(FOR_EVER)


if __name__ == "__main__":
    require_own_namespace()
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
