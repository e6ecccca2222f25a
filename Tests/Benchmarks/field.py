"""A name server, Route 53 and ElastiCache for any number of watches, in this process, with the time of what arrives.

Watch n has the record app-n.example.com, with a target in each of two regions, and the datastore ldgnf-n. Everything is
as fast as can be: a promotion that is accepted has happened.
"""

import collections
import ipaddress
import re
import socket
import threading
import time
import urllib.parse

import canned_aws
import canned_dns

ZONE = "Z0LOCALPROMOTER"
EAST, WEST = "us-east-1", "us-west-2"
PAGE = 300
GROUPS_A_PAGE = 100

RECORDS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>'
    "{records}</ResourceRecordSets>{rest}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>"
)
GROUP = (
    "<GlobalReplicationGroup><GlobalReplicationGroupId>{id}</GlobalReplicationGroupId><Status>available</Status>"
    "<Members>{members}</Members></GlobalReplicationGroup>"
)
ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<{operation}Response xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">'
    "<{operation}Result>{result}</{operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
    "</{operation}Response>"
)


class Field:
    def __init__(self, count, digits=4):
        self.lock = threading.Condition()
        # How many of them Route 53 and ElastiCache know.
        self.count = count
        self.names = [f"app-{number:0{digits}d}.example.com" for number in range(count)]
        self.ids = [f"ldgnf-{number:0{digits}d}" for number in range(count)]
        self.index = {name: number for number, name in enumerate(self.names)}
        self.active = [EAST] * count
        self.primary = [EAST] * count
        self.asked = [0] * count
        # When the latest promotion of each was asked for.
        self.promoted = [0.0] * count
        self.calls = collections.Counter()
        self.addresses = {}
        for number in range(count):
            for region, first in ((EAST, 1), (WEST, 2)):
                address = ipaddress.ip_address(f"10.{first}.{number // 250}.{number % 250 + 1}").packed
                self.addresses[self.target(number, region)] = [address]
        self.route53 = self.serve(self.answer_route53)
        self.elasticache = self.serve(self.answer_elasticache)

    def target(self, number, region):
        return f"t-{number}.{region}.elb.amazonaws.com"

    @property
    def environment(self):
        return {
            "AWS_ENDPOINT_URL_ROUTE_53": f"http://127.0.0.1:{self.route53}",
            "AWS_ENDPOINT_URL_ELASTICACHE": f"http://127.0.0.1:{self.elasticache}",
        }

    def point(self, number, region):
        """Lets DNS lead to the region from now on, and returns the time."""
        with self.lock:
            self.active[number] = region
            return time.monotonic()

    def wait_for_look_ups(self, number, more):
        with self.lock:
            wanted = self.asked[number] + more
            self.lock.wait_for(lambda: self.asked[number] >= wanted, 60)

    def wait_for_promotion(self, number, since):
        with self.lock:
            if not self.lock.wait_for(lambda: self.promoted[number] >= since, 120):
                raise SystemExit("bench: no promotion within two minutes")
            return self.promoted[number] - since

    def set_primary(self, number, region):
        with self.lock:
            self.primary[number] = region

    # The name server

    def serve_names(self):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        server.bind(("127.0.0.1", 53))

        def run():
            while True:
                query, client = server.recvfrom(4096)
                server.sendto(canned_dns.answer(query, self), client)

        threading.Thread(target=run, daemon=True).start()

    def get(self, name):
        """The addresses of a name, as `canned_dns.answer` asks for them."""
        number = self.index.get(name)
        if number is None:
            return self.addresses.get(name)
        with self.lock:
            self.asked[number] += 1
            self.lock.notify_all()
            return self.addresses[self.target(number, self.active[number])]

    # AWS

    def answer_route53(self, path, _):
        self.calls["route53:ListResourceRecordSets"] += 1
        query = dict(urllib.parse.parse_qsl(path.partition("?")[2]))
        first = next((n for n, name in enumerate(self.names) if name >= query["name"].rstrip(".")), self.count)
        last = min(first + PAGE // 2, self.count)
        records = "".join(self.records(number) for number in range(first, last))
        rest = "<IsTruncated>false</IsTruncated>"
        if last < self.count:
            rest = (
                f"<IsTruncated>true</IsTruncated><NextRecordName>{self.names[last]}.</NextRecordName>"
                f"<NextRecordType>A</NextRecordType><NextRecordIdentifier>app-{EAST}</NextRecordIdentifier>"
            )
        return RECORDS.format(records=records, rest=rest)

    def records(self, number):
        text = "".join(
            canned_aws.RECORD.format(region=region, failover=failover, zone="Z1", target=self.target(number, region))
            for region, failover in ((EAST, "PRIMARY"), (WEST, "SECONDARY"))
        )
        return text.replace("app.example.com", self.names[number])

    def answer_elasticache(self, _, body):
        form = dict(urllib.parse.parse_qsl(body))
        operation = form["Action"]
        with self.lock:
            self.calls[f"elasticache:{operation}"] += 1
            wanted = form.get("GlobalReplicationGroupId")
            if operation == "FailoverGlobalReplicationGroup":
                number = self.ids.index(wanted)
                self.promoted[number] = time.monotonic()
                self.primary[number] = form["PrimaryRegion"]
                self.lock.notify_all()
                return ANSWER.format(operation=operation, result=self.group(number))
            first = int(form.get("Marker", "0"))
            numbers = [self.ids.index(wanted)] if wanted else range(first, min(first + GROUPS_A_PAGE, self.count))
            groups = "".join(self.group(number) for number in numbers)
            marker = "" if wanted or first + GROUPS_A_PAGE >= self.count else f"<Marker>{first + GROUPS_A_PAGE}</Marker>"
        return ANSWER.format(
            operation=operation, result=f"{marker}<GlobalReplicationGroups>{groups}</GlobalReplicationGroups>"
        )

    def group(self, number):
        members = "".join(
            canned_aws.MEMBER.format(
                id=f"m-{number}-{region}",
                region=region,
                role="PRIMARY" if self.primary[number] == region else "SECONDARY",
            )
            for region in (EAST, WEST)
        )
        return GROUP.format(id=self.ids[number], members=members)

    def serve(self, answer):
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)

        def accept():
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self.converse, args=(connection, answer), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return listener.getsockname()[1]

    @staticmethod
    def converse(connection, answer):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        try:
            while True:
                while b"\r\n\r\n" not in received:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return
                    received += chunk
                head, _, received = received.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
                size = int(length[1]) if length else 0
                while len(received) < size:
                    received += connection.recv(65536)
                body, received = received[:size].decode(), received[size:]
                text = answer(head.split(b" ", 2)[1].decode(), body).encode()
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
                )
        except OSError:
            pass  # The process under test is killed as soon as it has been measured.
