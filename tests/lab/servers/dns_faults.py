"""A DNS resolver that answers every question wrongly, each role in its own way.

usage: dns_faults.py ROLE ZONEFILE ADDRESS…, inside the lab only. Names come from the zone file that unbound would use.
"""
import pathlib
import socket
import socketserver
import struct
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from vpc.isolation import require_own_namespace  # noqa: E402

FORMERR, SERVFAIL, NOTIMP, REFUSED = 1, 2, 4, 5
TRUNCATED = 0x0200
TYPES = {"A": 1, "AAAA": 28}


def read_zone(path):
    """{(name, type): [packed address]} of the address records; other records are left out."""
    records = {}
    for line in pathlib.Path(path).read_text().splitlines():
        name, _, _, kind, value, *_ = line.split()
        if kind in TYPES:
            family = socket.AF_INET6 if kind == "AAAA" else socket.AF_INET
            records.setdefault((name.rstrip("."), TYPES[kind]), []).append(socket.inet_pton(family, value))
    return records


def question(query):
    """(name, type, the question section's bytes)."""
    labels, position = [], 12
    while query[position]:
        labels.append(query[position + 1:position + 1 + query[position]].decode("ascii", "replace"))
        position += 1 + query[position]
    return ".".join(labels), struct.unpack_from("!H", query, position + 1)[0], query[12:position + 5]


def header(query, flags=0, answers=0):
    return query[:2] + struct.pack("!HHHHH", 0x8180 | flags, 1, answers, 0, 0)


def honest(query, zone):
    name, kind, asked = question(query)
    wildcard = "*." + name.partition(".")[2]
    addresses = zone.get((name, kind)) or zone.get((wildcard, kind), [])
    records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(a)) + a for a in addresses)
    return header(query, answers=len(addresses)) + asked + records


def pointer_loop(query):
    """An answer whose owner name is a compression pointer to itself."""
    asked = question(query)[2]
    at = 12 + len(asked)
    return header(query, answers=1) + asked + struct.pack("!H", 0xC000 | at) + struct.pack("!HHIH", 1, 1, 60, 4) + b"\n\0\1\n"


def cname_loop(query):
    """a → b → a, as a broken resolver would pass it on."""
    asked = question(query)[2]
    other = b"\x04loop" + asked[asked[0] + 1:-4]
    at = 12 + len(asked) + 12
    first = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, len(other)) + other
    second = struct.pack("!H", 0xC000 | at) + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"
    return header(query, answers=2) + asked + first + second


def many(query, zone):
    """A thousand addresses: more than the descriptors a container has."""
    name, kind, asked = question(query)
    if kind != TYPES["A"]:
        return honest(query, zone)
    records = b"".join(b"\xc0\x0c" + struct.pack("!HHIHI", 1, 1, 60, 4, 0x0A001000 + i) for i in range(1000))
    return header(query, answers=1000) + asked + records


def without_edns(query, zone, refusal):
    """What a resolver older than EDNS (RFC 6891) says: `refusal` to a question with an additional record."""
    return refusal if struct.unpack_from("!H", query, 10)[0] else honest(query, zone)


def truncated(query):
    return header(query, TRUNCATED) + question(query)[2]


UDP = {
    "servfail": lambda query, zone: header(query, SERVFAIL) + question(query)[2],
    "refused": lambda query, zone: header(query, REFUSED) + question(query)[2],
    "garbage": lambda query, zone: bytes((i * 73 + 5) % 256 for i in range(300)),
    "garbage-with-id": lambda query, zone: query[:2] + b"\x81\x80" + b"\xff" * 200,
    "wrong-id": lambda query, zone: bytes([query[0] ^ 0xFF]) + honest(query, zone)[1:],
    "wrong-question": lambda query, zone: honest(query, zone).replace(b"amazonaws", b"amazonawt"),
    "empty-datagram": lambda query, zone: b"",
    "pointer-loop": lambda query, zone: pointer_loop(query),
    "cname-loop": lambda query, zone: cname_loop(query),
    "truncated": lambda query, zone: truncated(query),
    "truncated-no-tcp": lambda query, zone: truncated(query),
    "truncated-drip": lambda query, zone: truncated(query),
    "truncated-one-query": lambda query, zone: truncated(query),
    "truncated-reset": lambda query, zone: truncated(query),
    "truncated-deaf": lambda query, zone: truncated(query),
    "truncated-for-some": lambda query, zone: truncated(query) if b"\x04logs" in query else honest(query, zone),
    "many": lambda query, zone: truncated(query),
    "formerr-to-edns": lambda query, zone: without_edns(query, zone, header(query, FORMERR) + question(query)[2]),
    "bare-formerr-to-edns": lambda query, zone: without_edns(
        query, zone, query[:2] + struct.pack("!HHHHH", 0x8080 | FORMERR, 0, 0, 0, 0)),
    "notimp-to-edns": lambda query, zone: without_edns(query, zone, header(query, NOTIMP) + question(query)[2]),
    "silent-to-edns": lambda query, zone: without_edns(query, zone, b""),
}
NO_TCP = ("truncated-no-tcp", "truncated-for-some")


def serve_udp(address, role, zone):
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((address, 53))
    while True:
        query, peer = listener.recvfrom(4096)
        if len(query) <= 16:
            continue
        answer = UDP[role](query, zone)
        if answer or role != "silent-to-edns":
            listener.sendto(answer, peer)


class OverTcp(socketserver.BaseRequestHandler):
    """One question with its length before it (RFC 1035 section 4.2.2)."""

    def handle(self):
        while len(head := self.request.recv(2, socket.MSG_WAITALL)) == 2:
            query = self.request.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
            if self.server.role == "truncated-deaf":
                return
            answer = self.answer(query)
            data = struct.pack("!H", len(answer)) + answer
            if self.server.role == "truncated-drip":
                for byte in data:
                    self.request.sendall(bytes([byte]))
                    time.sleep(1)
            self.request.sendall(data)
            if self.server.role == "truncated-one-query":
                return
            if self.server.role == "truncated-reset":
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return

    def answer(self, query):
        role, zone = self.server.role, self.server.zone
        if role == "many":
            return many(query, zone)
        return honest(query, zone) if role.startswith("truncated") else UDP[role](query, zone)


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # the probe has gone, as it may


def main(role, zonefile, *addresses):
    zone = read_zone(zonefile)
    for address in addresses:
        threading.Thread(target=serve_udp, args=(address, role, zone)).start()
        if role not in NO_TCP:
            server = TcpServer((address, 53), OverTcp)
            server.role, server.zone = role, zone
            threading.Thread(target=server.serve_forever).start()


if __name__ == "__main__":
    require_own_namespace()
    main(*sys.argv[1:])
