"""The usual function in Python: clients made at import, where Lambda gives a start its full processor."""

import os
import socket

import boto3

route53 = boto3.client("route53")
elasticache = boto3.client("elasticache")

if os.environ.get("FILL_CACHES"):
    # What promoter reads at its start, by the calls that a script would make.
    route53.list_resource_record_sets(
        HostedZoneId=os.environ["HOSTED_ZONE_ID"], StartRecordName=os.environ["DNS_NAME"], MaxItems="300"
    )
    elasticache.describe_global_replication_groups(
        GlobalReplicationGroupId=os.environ["GLOBAL_DATASTORE_ID"], ShowMemberInfo=True
    )

name = os.environ.get("LOOKUP")


def handler(event, context):
    if name:
        socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return {}
