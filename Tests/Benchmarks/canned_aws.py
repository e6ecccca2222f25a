"""Route 53 and ElastiCache over TLS, each on a port of its own: two answers, and nothing that costs time. Who imports
it has a third one, of CloudWatch, which takes what it is given.

canned_aws.py CERTIFICATE LATENCY: writes its two ports, then serves until it is killed. LATENCY, in seconds, is how
long each connection and each answer takes, as if the service were that far away.
"""

import re
import socket
import ssl
import sys
import threading
import time

# As local-aws gives them, which the tests hold to AWS's own models.
RECORD = (
    "<ResourceRecordSet><Name>app.example.com.</Name><Type>A</Type><SetIdentifier>app-{region}</SetIdentifier>"
    "<Failover>{failover}</Failover><AliasTarget><HostedZoneId>{zone}</HostedZoneId>"
    "<DNSName>{target}.</DNSName><EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>"
)
TARGETS = {
    "us-east-1": "app-1234567890.us-east-1.elb.amazonaws.com",
    "us-west-2": "app-2345678901.us-west-2.elb.amazonaws.com",
}
ROUTE_53 = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>'
    + RECORD.format(region="us-east-1", failover="PRIMARY", zone="Z35SXDOTRQ7X7K", target=TARGETS["us-east-1"])
    + RECORD.format(region="us-west-2", failover="SECONDARY", zone="Z1H1FL5HABSF5", target=TARGETS["us-west-2"])
    + "</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>"
)
MEMBER = (
    "<GlobalReplicationGroupMember><ReplicationGroupId>{id}</ReplicationGroupId>"
    "<ReplicationGroupRegion>{region}</ReplicationGroupRegion><Role>{role}</Role>"
    "<AutomaticFailover>enabled</AutomaticFailover><Status>associated</Status></GlobalReplicationGroupMember>"
)
ELASTICACHE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<DescribeGlobalReplicationGroupsResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">'
    "<DescribeGlobalReplicationGroupsResult><GlobalReplicationGroups><GlobalReplicationGroup>"
    "<GlobalReplicationGroupId>ldgnf-sessions</GlobalReplicationGroupId>"
    "<GlobalReplicationGroupDescription>sessions</GlobalReplicationGroupDescription><Status>available</Status>"
    "<CacheNodeType>cache.r7g.large</CacheNodeType><Engine>redis</Engine><EngineVersion>7.1</EngineVersion><Members>"
    + MEMBER.format(id="sessions-use1", region="us-east-1", role="PRIMARY")
    + MEMBER.format(id="sessions-usw2", region="us-west-2", role="SECONDARY")
    + "</Members><ClusterEnabled>false</ClusterEnabled><AuthTokenEnabled>false</AuthTokenEnabled>"
    "<TransitEncryptionEnabled>true</TransitEncryptionEnabled><AtRestEncryptionEnabled>true</AtRestEncryptionEnabled>"
    "<ARN>arn:aws:elasticache::111122223333:globalreplicationgroup:ldgnf-sessions</ARN></GlobalReplicationGroup>"
    "</GlobalReplicationGroups></DescribeGlobalReplicationGroupsResult><ResponseMetadata>"
    "<RequestId>214c402f-5f65-44fe-9e89-4fb72e4c54e3</RequestId></ResponseMetadata>"
    "</DescribeGlobalReplicationGroupsResponse>"
)
CLOUDWATCH = (
    '<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><ResponseMetadata>'
    "<RequestId>214c402f-5f65-44fe-9e89-4fb72e4c54e3</RequestId></ResponseMetadata></PutMetricDataResponse>"
)


def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def serve(connection, context, body, latency, told):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    time.sleep(latency)
    try:
        with context.wrap_socket(connection, server_side=True) as stream:
            received = b""
            while True:
                while b"\r\n\r\n" not in received:
                    chunk = stream.recv(65536)
                    if not chunk:
                        return
                    received += chunk
                head, _, received = received.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
                while length and len(received) < int(length[1]):
                    received += stream.recv(65536)
                received = received[int(length[1]) :] if length else received
                told(head)
                time.sleep(latency)
                stream.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
                    b"x-amzn-RequestId: 214c402f-5f65-44fe-9e89-4fb72e4c54e3\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
                )
    except OSError:
        pass  # The process under test is killed as soon as it has been measured.


def listen(context, body, latency, told=lambda head: None):
    """Answers every request with `body`. `told` gets the head of each."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, context, body, latency, told), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


if __name__ == "__main__":
    context = tls(sys.argv[1])
    print(*(listen(context, answer.encode(), float(sys.argv[2])) for answer in (ROUTE_53, ELASTICACHE)), flush=True)
    threading.Event().wait()
