"""A name server on port 53 of 127.0.0.1: canned_dns.py NAME=ADDRESS…, then it answers until it is killed.

Names that it was not given do not exist. It knows IPv4 addresses only, and says so to who asks for others.
"""

import ipaddress
import socket
import struct
import sys


def answer(query, addresses):
    names, position = [], 12
    while query[position]:
        names.append(query[position + 1 : position + 1 + query[position]])
        position += 1 + query[position]
    question = query[12 : position + 5]
    (kind,) = struct.unpack("!H", query[position + 1 : position + 3])
    known = addresses.get(b".".join(names).decode().lower())
    records = known if known and kind == 1 else []
    flags = 0x8180 if known else 0x8183
    return (
        query[:2]
        + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
        + question
        + b"".join(b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + record for record in records)
    )


if __name__ == "__main__":
    addresses = {}
    for pair in sys.argv[1:]:
        name, _, address = pair.partition("=")
        addresses.setdefault(name, []).append(ipaddress.ip_address(address).packed)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        print("ready", flush=True)
        while True:
            query, client = server.recvfrom(4096)
            server.sendto(answer(query, addresses), client)
