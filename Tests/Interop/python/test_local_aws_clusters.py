"""Nodes of replication groups, what they tell their topics, and the records that follow them: holds these of the
emulated AWS to boto3, and to moto where that one has them too."""

import json
import re
import urllib.request

import boto3
import botocore.exceptions
import pytest
from local_aws import LocalAWS
from moto import mock_aws
from test_local_aws_contract import ZONE, code, run

GROUP = {
    "ReplicationGroupId": "cache",
    "ReplicationGroupDescription": "a test",
    "AutomaticFailoverEnabled": True,
    "TransitEncryptionEnabled": True,
}


def moto(service, region="us-west-2"):
    key = dict(aws_access_key_id="test", aws_secret_access_key="test")
    return boto3.client(service, region_name=region, **key)


def group(client, id="cache"):
    (found,) = client.describe_replication_groups(ReplicationGroupId=id)["ReplicationGroups"]
    return found


def created(aws, region="us-west-2", **more):
    client = aws.client("elasticache", region)
    client.create_replication_group(**{**GROUP, "ReplicasPerNodeGroup": 2, **more})
    aws.advance(300)
    return client


def roles(client, id="cache"):
    members = [member for shard in group(client, id)["NodeGroups"] for member in shard["NodeGroupMembers"]]
    return {member["CacheClusterId"]: member.get("CurrentRole") for member in members}


# Groups and nodes


def told(client):
    """Of a group that is there, what is not made up."""
    found = group(client)
    endpoint = re.compile(r"(?<=cache\.)\w+(?=\.\w+\.cache\.amazonaws)")
    text = json.dumps({k: found.get(k) for k in ("Status", "NodeGroups", "ConfigurationEndpoint", "MemberClusters")})
    said = json.loads(endpoint.sub("HASH", text))
    for shard in said["NodeGroups"]:
        # moto has no reader endpoint, other slots, and takes the shard's id for the node's.
        for name in ("ReaderEndpoint", "Slots"):
            shard.pop(name, None)
        for member in shard["NodeGroupMembers"]:
            del member["PreferredAvailabilityZone"], member["CacheNodeId"]
    shape = ("ClusterEnabled", "TransitEncryptionEnabled", "AutomaticFailover", "MultiAZ", "ARN", "ClusterMode")
    return said, {name: re.sub(r":\d{12}:", ":", str(found[name])) for name in shape}


@pytest.mark.parametrize(
    "form", [{}, {"NumNodeGroups": 3, "ClusterMode": "enabled", "CacheParameterGroupName": "default.redis7.cluster.on"}]
)
def test_moto_tells_the_same_nodes(aws, form):
    # The one region whose endpoints moto has.
    ours = told(created(aws, "us-east-1", **form))
    with mock_aws():
        client = moto("elasticache", "us-east-1")
        client.create_replication_group(**{**GROUP, "ReplicasPerNodeGroup": 2, "ClusterMode": "disabled", **form})
        theirs = told(client)
    assert ours == theirs


def test_a_group_is_created_in_its_time(aws):
    client = aws.client("elasticache")
    made = client.create_replication_group(**GROUP, NumCacheClusters=3)["ReplicationGroup"]
    assert (made["Status"], made.get("NodeGroups", [])) == ("creating", [])
    assert made["MemberClusters"] == ["cache-001", "cache-002", "cache-003"]
    with pytest.raises(client.exceptions.ReplicationGroupAlreadyExistsFault):
        client.create_replication_group(**GROUP, NumCacheClusters=3)
    aws.advance(300)
    found = group(client)
    (shard,) = found["NodeGroups"]
    assert (found["Status"], shard["NodeGroupId"], shard["Status"]) == ("available", "0001", "available")
    assert [m["CurrentRole"] for m in shard["NodeGroupMembers"]] == ["primary", "replica", "replica"]
    names = [shard["PrimaryEndpoint"], shard["ReaderEndpoint"], *(m["ReadEndpoint"] for m in shard["NodeGroupMembers"])]
    heads = ["master.cache", "replica.cache", "cache-001.cache", "cache-002.cache", "cache-003.cache"]
    assert [re.sub(r"\.\w{6}\.usw2\.cache\.amazonaws\.com$", "", name["Address"]) for name in names] == heads
    assert {name["Port"] for name in names} == {6379}


def test_a_cluster_with_ninety_replicas_has_no_roles_unless_it_is_told_to(aws):
    client = created(aws, NumNodeGroups=18, ReplicasPerNodeGroup=5, ClusterMode="enabled")
    assert set(roles(client).values()) == {None} and len(roles(client)) == 108
    assert group(client)["ConfigurationEndpoint"]["Address"].startswith("clustercfg.cache.")
    aws.control("POST", "groups/cache", {"tellsNodes": True})
    assert list(roles(client).values()).count("replica") == 90
    pages = client.get_paginator("describe_cache_clusters").paginate(ShowCacheNodeInfo=True)
    clusters = [c for page in pages for c in page["CacheClusters"] if c["ReplicationGroupId"] == "cache"]
    assert [c["CacheClusterId"] for c in clusters] == sorted(roles(client))
    shown = {m["CacheClusterId"]: m["ReadEndpoint"] for s in group(client)["NodeGroups"] for m in s["NodeGroupMembers"]}
    assert {c["CacheClusterId"]: c["CacheNodes"][0]["Endpoint"] for c in clusters} == shown


def test_a_test_failover_moves_the_primary(aws):
    client = created(aws)
    answer = client.test_failover(ReplicationGroupId="cache", NodeGroupId="0001")["ReplicationGroup"]
    assert answer["Status"] == "modifying"
    with pytest.raises(client.exceptions.InvalidReplicationGroupStateFault):
        client.test_failover(ReplicationGroupId="cache", NodeGroupId="0001")
    aws.advance(20)
    assert "primary" not in roles(client).values()
    aws.advance(130)
    assert roles(client) == {"cache-001": "replica", "cache-002": "primary", "cache-003": "replica"}
    assert group(client)["Status"] == "available"


def test_replicas_come_without_an_endpoint_and_go(aws):
    client = created(aws)
    client.increase_replica_count(ReplicationGroupId="cache", NewReplicaCount=3, ApplyImmediately=True)
    members = group(client)["NodeGroups"][0]["NodeGroupMembers"]
    assert ["ReadEndpoint" in m for m in members] == [True, True, True, False]
    assert client.describe_cache_clusters(CacheClusterId="cache-004")["CacheClusters"][0]["CacheClusterStatus"] == "creating"
    aws.advance(300)
    assert len(roles(client)) == 4
    client.decrease_replica_count(
        ReplicationGroupId="cache", ReplicasToRemove=["cache-002", "cache-003"], ApplyImmediately=True
    )
    aws.advance(60)
    assert list(roles(client)) == ["cache-001", "cache-004"]


def test_each_shard_has_a_number_of_replicas_of_its_own(aws):
    client = created(aws, NumNodeGroups=2, ClusterMode="enabled")
    for call, counts in [(client.increase_replica_count, [3, 4]), (client.decrease_replica_count, [0, 1])]:
        shards = [{"NodeGroupId": f"000{n + 1}", "NewReplicaCount": count} for n, count in enumerate(counts)]
        call(ReplicationGroupId="cache", ReplicaConfiguration=shards, ApplyImmediately=True)
        aws.advance(300)
        assert [len(s["NodeGroupMembers"]) for s in group(client)["NodeGroups"]] == [count + 1 for count in counts]


def test_the_primary_can_be_chosen_without_automatic_failover(aws):
    client = created(aws)
    chosen = dict(ReplicationGroupId="cache", PrimaryClusterId="cache-003", ApplyImmediately=True)
    with pytest.raises(client.exceptions.InvalidParameterCombinationException):
        client.modify_replication_group(**chosen)
    client.modify_replication_group(**chosen, AutomaticFailoverEnabled=False, MultiAZEnabled=False)
    aws.advance(30)
    assert roles(client)["cache-003"] == "primary"


@pytest.mark.parametrize(
    "operation, fields, exception",
    [
        ("test_failover", {"ReplicationGroupId": "none", "NodeGroupId": "0001"}, "ReplicationGroupNotFoundFault"),
        ("test_failover", {"NodeGroupId": "0002"}, "NodeGroupNotFoundFault"),
        ("increase_replica_count", {"NewReplicaCount": 2, "ApplyImmediately": True}, "NoOperationFault"),
        ("increase_replica_count", {"NewReplicaCount": 6, "ApplyImmediately": True}, "InvalidParameterValueException"),
        ("decrease_replica_count", {"NewReplicaCount": 1, "ApplyImmediately": False}, "InvalidParameterValueException"),
        (
            "decrease_replica_count",
            {"ReplicasToRemove": ["cache-001"], "ApplyImmediately": True},
            "InvalidParameterValueException",
        ),
        ("modify_replication_group", {"PrimaryClusterId": "x", "AutomaticFailoverEnabled": False}, "CacheClusterNotFoundFault"),
        ("modify_replication_group", {"NotificationTopicArn": "arn:none"}, "InvalidParameterValueException"),
        ("describe_cache_clusters", {"CacheClusterId": "none"}, "CacheClusterNotFoundFault"),
    ],
)
def test_refusals_are_the_models_exceptions(aws, operation, fields, exception):
    client = created(aws)
    target = {} if "CacheClusterId" in fields else {"ReplicationGroupId": "cache"}
    with pytest.raises(getattr(client.exceptions, exception)):
        getattr(client, operation)(**{**target, **fields})


# Notifications


def play_subscriptions(client):
    """What another AWS must answer alike."""
    topic = client.create_topic(Name="events")["TopicArn"]
    lambdas = [f"arn:aws:lambda:us-west-2:111122223333:function:{name}" for name in ("one", "two")]
    made = [client.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)["SubscriptionArn"] for arn in lambdas * 2]
    assert all(arn.startswith(f"{topic}:") for arn in made)
    client.unsubscribe(SubscriptionArn=made[1])
    left = client.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    with pytest.raises(client.exceptions.NotFoundException):
        client.subscribe(TopicArn=f"{topic}-none", Protocol="lambda", Endpoint=lambdas[0])
    return len(set(made)), [(s["Protocol"], s["Endpoint"]) for s in left]


def test_moto_has_the_same_subscriptions(aws):
    ours = play_subscriptions(aws.client("sns"))
    with mock_aws():
        assert play_subscriptions(moto("sns")) == ours
    # Which moto does not count.
    topic = "arn:aws:sns:us-west-2:111122223333:events"
    attributes = aws.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    assert [attributes[f"Subscriptions{name}"] for name in ("Confirmed", "Deleted", "Pending")] == ["1", "1", "0"]


class Function:
    """Stands for the process of a function: takes one event after the other."""

    def __init__(self, aws, name):
        functions = {f["name"]: f for f in aws.control("GET", "state")["functions"]}
        self.runtime = f"http://{functions[name]['runtimeAPI']}/2018-06-01/runtime/invocation"

    def next(self):
        with urllib.request.urlopen(f"{self.runtime}/next", timeout=10) as event:
            body, headers = json.load(event), event.headers
        answer = urllib.request.Request(
            f"{self.runtime}/{headers['Lambda-Runtime-Aws-Request-Id']}/response",
            data=b"{}",
            headers={"Lambda-Runtime-Invocation-Id": headers["Lambda-Runtime-Invocation-Id"]},
        )
        assert urllib.request.urlopen(answer, timeout=10).status == 202
        (record,) = body["Records"]
        assert record["EventSource"] == "aws:sns"
        return record["Sns"]


@pytest.fixture
def endpoints(request):
    """An emulator with a function that the group `sessions-usw2` tells by a topic."""
    aws = LocalAWS("--function", "endpoints=us-west-2:0:endpoints")
    request.addfinalizer(aws.stop)
    sns = aws.client("sns")
    topic = sns.create_topic(Name="events")["TopicArn"]
    configuration = aws.client("lambda").get_function_configuration(FunctionName="endpoints")
    assert configuration["Handler"] == "endpoints"
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=configuration["FunctionArn"])
    aws.client("elasticache").modify_replication_group(
        ReplicationGroupId="sessions-usw2", NotificationTopicArn=topic, ApplyImmediately=True
    )
    return aws


def test_a_failover_reaches_the_function(endpoints):
    client = endpoints.client("elasticache")
    (node,) = client.describe_cache_clusters(CacheClusterId="sessions-usw2-001")["CacheClusters"]
    topic = "arn:aws:sns:us-west-2:111122223333:events"
    assert node["NotificationConfiguration"] == {"TopicArn": topic, "TopicStatus": "active"}
    client.test_failover(ReplicationGroupId="sessions-usw2", NodeGroupId="0001")
    endpoints.advance(150)
    function = Function(endpoints, "endpoints")
    notes = [function.next() for _ in range(5)]
    assert {note["TopicArn"] for note in notes} == {topic}
    events = [next((k, v) for k, v in json.loads(n["Message"]).items() if k.startswith("ElastiCache:")) for n in notes]
    assert events == [
        ("ElastiCache:TestFailoverApiCalled", "sessions-usw2"),
        ("ElastiCache:FailoverComplete", "sessions-usw2-002"),
        ("ElastiCache:FailoverComplete", "sessions-usw2"),
        ("ElastiCache:CacheNodeReplaceStarted", "sessions-usw2-001"),
        ("ElastiCache:CacheNodeReplaceComplete", "sessions-usw2-001"),
    ]


def test_a_promotion_reaches_the_function_as_plain_text(endpoints):
    endpoints.client("elasticache").failover_global_replication_group(
        GlobalReplicationGroupId="ldgnf-sessions", PrimaryRegion="us-west-2", PrimaryReplicationGroupId="sessions-usw2"
    )
    endpoints.advance(90)
    note = Function(endpoints, "endpoints").next()
    assert note["Message"] == "ElastiCache:ReplicationGroupPromotedAsPrimary : sessions-usw2"


def test_notifications_suffer_faults(endpoints):
    sns, topic = endpoints.client("sns"), "arn:aws:sns:us-west-2:111122223333:events"
    for effect, fields in [
        ("loseNotification", {}),
        ("repeatNotification", {"count": 1}),
        ("delayNotification", {"seconds": 60}),
        ("reorderNotification", {}),
    ]:
        endpoints.fault(effect, times=1, region="us-west-2", **fields)
    for number in range(5):
        sns.publish(TopicArn=topic, Message=str(number))
    endpoints.advance(60)
    function = Function(endpoints, "endpoints")
    assert [function.next()["Message"] for _ in range(5)] == ["1", "1", "4", "3", "2"]
    assert endpoints.control("GET", "faults") == []


# Records


def cname(name, value, **more):
    return {"Name": name, "Type": "CNAME", "TTL": 10, "ResourceRecords": [{"Value": value}], **more}


def play_records(client, zone):
    """What another AWS must answer alike."""

    def change(*changes):
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
        try:
            client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
        except botocore.exceptions.ClientError as error:
            # moto leaves a final dot away where AWS has one.
            message = error.response["Error"]["Message"].strip("[]").replace(". ", " ")
            return error.response["Error"]["Code"], message
        return None

    one, two = (cname("read1.example.com.", f"{letter}.example.net") for letter in "ab")
    answers = [
        change(("CREATE", one)),
        change(("CREATE", one)),
        change(("DELETE", one), ("CREATE", two)),
        change(("CREATE", cname("read1.example.org.", "a.example.net"))),
        change(("CREATE", cname("read2.example.com.", "a.example.net")), ("CREATE", two)),
    ]
    names = [r["Name"] for r in client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]]
    # moto deletes whatever has the name: that a DELETE must be exact is no question for it.
    return answers, [name for name in names if name.startswith("read")]


def test_moto_swaps_records_alike(aws):
    ours = play_records(aws.client("route53"), ZONE)
    with mock_aws():
        client = moto("route53")
        theirs = play_records(client, client.create_hosted_zone(Name="example.com.", CallerReference="1")["HostedZone"]["Id"])
    assert [bool(answer) for answer in ours[0]] == [False, True, False, True, True]
    assert ours == theirs


def test_a_zone_may_take_one_change_at_a_time(aws):
    client = aws.client("route53")

    def create(name):
        change = {"Action": "CREATE", "ResourceRecordSet": cname(name, "a.example.net")}
        client.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": [change]})

    assert run("zone", ZONE, "one", "--endpoint", aws.endpoint).returncode == 0
    create("read1.example.com")
    with pytest.raises(client.exceptions.PriorRequestNotComplete):
        create("read2.example.com")
    aws.advance(30)
    create("read2.example.com")


# The command line


def test_the_commands_for_nodes(aws):
    at = ["--endpoint", aws.endpoint]
    arn = "arn:aws:sns:us-west-2:111122223333:promotions"
    made = run("cluster", "create", "cache", "--region", "us-west-2", "--replicas", "2", *at)
    assert made.returncode == 0, made.stderr
    for command, facts, seconds in [
        (("notify", "cache", arn), [arn, "available"], 0),
        (("failover", "cache", "--to", "cache-003"), ["modifying"], 150),
        (("add-replica", "cache", "--count", "2"), ["2", "modifying"], 300),
        (("remove-replica", "cache", "cache-001"), ["cache-001", "modifying"], 60),
        (("replace", "cache", "cache-002", "--unlisted"), ["cache-002", "modifying"], 120),
    ]:
        done = run("cluster", *command, *at)
        assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr
        assert all(fact in done.stdout for fact in ["cache", *facts])
        aws.advance(seconds)
    listed = run("cluster", "nodes", "cache", *at).stdout
    assert [line.split(",")[0].split() for line in listed.splitlines()[1:]] == [
        ["cache-002", "replica"],
        ["cache-003", "primary"],
        ["cache-004", "replica"],
        ["cache-005", "replica"],
    ]
    assert "available" in listed and arn in listed
    groups = json.loads(run("cluster", "nodes", "--output", "json", *at).stdout)
    assert [g["id"] for g in groups] == ["sessions-use1", "cache", "sessions-usw2"]
    told = [m for m in aws.control("GET", "messages") if "ElastiCache:" in m["message"]]
    assert len(told) == 4 + 2 * 3 + 1 + 2
    for wrong in [("nodes", "none"), ("notify", "cache"), ("notify", "cache", "--function", "none"), ("failover", "cache", "--to", "cache-003"), ("remove-replica", "cache", "none")]:
        assert run("cluster", *wrong, *at).returncode != 0
