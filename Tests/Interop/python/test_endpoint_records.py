"""The function `endpoints` with moto's Route 53, which nobody here wrote, and the clusters of the local AWS.

After each event the zone is judged by what is in it, not by what the function says; the judge counts for itself how
few records had to be changed.
"""

import concurrent.futures
import json
import random
import subprocess
import urllib.error
import urllib.request

import boto3
import moto_route53
import pytest
from local_aws import PRODUCTS, LocalAWS
from moto.server import ThreadedMotoServer

NAME, ADDRESS = "read", "example.internal"
GROUP, REGION = "cache", "us-west-2"
# Of the local AWS's failover record.
BALANCERS = {"us-east-1": "1234567890", "us-west-2": "2345678901"}
# One of many: the Swift tests play ninety, in less time.
SEEDS = range(1)
EVENTS = 30
FOREIGN = [
    {"Name": "read3.example.internal", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "other.example.com"}]},
    {"Name": "read5.example.internal", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.5"}]},
    {"Name": "reader.example.internal", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.com"}]},
    {"Name": "read01.example.internal", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.example.com"}]},
    {"Name": "x.read1.example.internal", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.6"}]},
    {"Name": "read.example.internal", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"not yours"'}]},
]


@pytest.fixture(scope="module")
def moto():
    moto_route53.correct()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Zone:
    """A hosted zone of moto."""

    def __init__(self, moto):
        self.route53 = boto3.client(
            "route53", "us-east-1", endpoint_url=moto, aws_access_key_id="test", aws_secret_access_key="test"
        )
        self.id = self.route53.create_hosted_zone(Name=ADDRESS, CallerReference=str(random.random()))["HostedZone"]["Id"]

    def put(self, records, action="CREATE"):
        changes = [{"Action": action, "ResourceRecordSet": record} for record in records]
        self.route53.change_resource_record_sets(HostedZoneId=self.id, ChangeBatch={"Changes": changes})

    def records(self):
        """All but those that every zone has, by name, type and set identifier."""
        pages = self.route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=self.id)
        sets = [record for page in pages for record in page["ResourceRecordSets"] if record["Type"] not in ("NS", "SOA")]
        return {(r["Name"], r["Type"], r.get("SetIdentifier")): r for r in sets}

    def targets(self):
        """Of the simple CNAMEs, by name without the zone's."""
        return {
            name.removesuffix(f".{ADDRESS}."): record["ResourceRecords"][0]["Value"].rstrip(".")
            for (name, type, identifier), record in self.records().items()
            if type == "CNAME" and identifier is None
        }


class World:
    """A cluster of the local AWS, a zone of moto, and functions whose processes are the built program."""

    def __init__(self, moto, folder, functions=("endpoints",), **variables):
        self.aws = LocalAWS(*(f"--function={name}={REGION}:0:endpoints" for name in functions))
        self.zone = Zone(moto)
        self.folder, self.processes = folder, []
        addresses = {f["name"]: f["runtimeAPI"] for f in self.aws.control("GET", "state")["functions"]}
        self.environment = {
            **self.aws.environment,
            "AWS_ENDPOINT_URL_ROUTE_53": moto,
            "AWS_REGION": REGION,
            "_HANDLER": "endpoints",
            "HOSTED_ZONE_ID": self.zone.id,
            "REPLICATION_GROUP_ID": GROUP,
            "RECORD_NAME": f"{NAME}.{ADDRESS}.",
            **variables,
        }
        for name in functions:
            # As on Lambda each is a process of its own; a file takes what it says, which nobody waits for.
            with open(folder / f"{name}.log", "wb") as log:
                environment = {**self.environment, "AWS_LAMBDA_RUNTIME_API": addresses[name]}
                environment.pop("LD_PRELOAD", None)
                self.processes.append(
                    subprocess.Popen([PRODUCTS / "bootstrap"], env=environment, stdout=log, stderr=log)
                )

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.aws.stop()

    def create(self, **options):
        self.aws.control("POST", "groups", {"id": GROUP, "region": REGION, **options})

    def change(self, path, form=None, method="POST"):
        self.aws.control(method, f"groups/{GROUP}/{path}?region={REGION}", form or {})

    def group(self):
        (group,) = [g for g in self.aws.control("GET", "groups") if g["id"] == GROUP]
        return group

    def status(self):
        return self.group()["status"]

    def nodes(self):
        return [node for node in self.group()["nodes"] if node["listed"]]

    def replicas(self):
        return {node["endpoint"] for node in self.nodes() if node["role"] == "replica" and node.get("endpoint")}

    def invoke(self, event=None, function="endpoints", timeout=60):
        """With less than seven seconds the function does not ask again for what AWS does not tell yet."""
        body = json.dumps(event or {}).encode()
        request = urllib.request.Request(
            f"{self.aws.endpoint}/_local/functions/{function}/invocations?timeout={timeout}", data=body, method="POST"
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            outcome = json.load(answer)
        return outcome["outcome"], json.loads(outcome["payload"])

    def sync(self, event=None, **options):
        outcome, answer = self.invoke(event, **options)
        assert outcome == "response", answer
        return answer


@pytest.fixture
def world(request, moto, tmp_path):
    def make(functions=("endpoints",), **variables):
        world = World(moto, tmp_path, functions, **variables)
        request.addfinalizer(world.stop)
        return world

    return make


def message(*messages, source="aws:sns"):
    """An event of SNS with these messages; a string is one as it stands."""
    return {
        "Records": [
            {
                "EventSource": source,
                "EventVersion": "1.0",
                "EventSubscriptionArn": f"arn:aws:sns:{REGION}:111122223333:events:1",
                "Sns": {
                    "Type": "Notification",
                    "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
                    "TopicArn": f"arn:aws:sns:{REGION}:111122223333:events",
                    "Subject": "ElastiCache Notification",
                    "Message": text if isinstance(text, str) else json.dumps(text),
                    "Timestamp": "2026-01-01T00:00:00.000Z",
                },
            }
            for text in messages
        ]
    }


def event(name, node):
    return {f"ElastiCache:{name}": node, "Cache Cluster ID": node, "Replication Group ID": GROUP}


class Judge:
    """Knows which records there have to be, from what was there before and what the cluster is now."""

    def __init__(self, world):
        self.world = world
        self.before = world.zone.records()

    @staticmethod
    def numbers(records):
        """The records of ours: number → node's endpoint."""
        found = {}
        for (name, type, identifier), record in records.items():
            number = name.removeprefix(NAME).removesuffix(f".{ADDRESS}.")
            value = record["ResourceRecords"][0]["Value"].rstrip(".") if "ResourceRecords" in record else ""
            is_number = number.isdigit() and not number.startswith("0") and number != "0"
            if is_number and type == "CNAME" and identifier is None and value.startswith(f"{GROUP}-"):
                found[int(number)] = value
        return found

    def check(self, answer, label):
        after = self.world.zone.records()
        replicas, old, new = self.world.replicas(), self.numbers(self.before), self.numbers(after)
        taken = {number for number in range(1, 200) if self.is_foreign(number)}
        listed = {node.get("endpoint") for node in self.world.nodes()}
        for record in FOREIGN:
            key = (record["Name"] + ".", record["Type"], None)
            assert after.get(key) == self.before.get(key), f"{label}: {key} was touched"
        if not replicas:
            # WHEN_NO_REPLICAS=keep
            assert after == self.before, label
            expected = 0
        else:
            # While AWS changes the group, a node that it does not list may come back.
            held = {} if self.world.status() == "available" else {n: node for n, node in old.items() if node not in listed}
            assert held.items() <= new.items(), f"{label}: {held} became {new}"
            served = sorted(node for n, node in new.items() if n not in held)
            assert served == sorted(replicas), f"{label}: {new} for {replicas}"
            stays = {n: node for n, node in old.items() if node in replicas and self.is_first(n, node, old)}
            assert stays.items() <= new.items(), f"{label}: {stays} became {new}"
            assert not taken & new.keys(), label
            # Replicas without a record get first what is of no use any more, then the lowest numbers that nobody has;
            # what is left over is deleted.
            gone, newcomers = sorted(old.keys() - stays.keys() - held.keys()), replicas - set(stays.values())
            unused = (n for n in range(1, 1000) if n not in old and n not in taken)
            given = gone[: len(newcomers)] + [next(unused) for _ in newcomers][: max(0, len(newcomers) - len(gone))]
            assert sorted(new.keys() - stays.keys() - held.keys()) == sorted(given), f"{label}: {new} after {old}"
            expected = max(len(gone), len(newcomers))
        changed = {key for key in after.keys() | self.before.keys() if after.get(key) != self.before.get(key)}
        assert len(changed) == expected, f"{label}: {changed}"
        # In one batch; none, where nothing changes.
        assert len(answer["batches"]) == (1 if expected else 0), label
        self.before = after

    def is_foreign(self, number):
        return any(
            name == f"{NAME}{number}.{ADDRESS}." and (name, type, identifier) not in self.ours()
            for (name, type, identifier) in self.before
        )

    def ours(self):
        return {(f"{NAME}{number}.{ADDRESS}.", "CNAME", None) for number in self.numbers(self.before)}

    @staticmethod
    def is_first(number, node, numbers):
        return number == min(n for n, other in numbers.items() if other == node)


def happen(world, chance, shards, at_most):
    """Lets something happen to the cluster, and its time pass."""
    shard = chance.choice(shards)
    replicas = [node["id"] for node in world.nodes() if node["role"] == "replica" and node["shard"] == shard]
    what = chance.choice(["failover", "failover", "add", "add", "remove", "replace"])
    try:
        if what == "failover" and replicas:
            world.change("failover", {"shard": shard})
        elif what == "add" and len(replicas) < at_most:
            world.change("replicas", {"shard": shard, "count": chance.randint(1, at_most - len(replicas))})
        elif what == "remove" and replicas:
            world.change(f"nodes/{chance.choice(replicas)}", method="DELETE")
        elif what == "replace" and replicas:
            world.change(f"nodes/{chance.choice(replicas)}", {"listed": chance.random() < 0.5})
        else:
            what = "nothing"
    except urllib.error.HTTPError as refusal:
        # As AWS refuses what comes in the middle of something else.
        assert refusal.code == 400, refusal.read()
        what = f"{what}, refused,"
    # Sometimes the function looks, or the next thing happens, in the middle of it.
    world.aws.advance(chance.choice([0, 20, 600]))
    return f"{what} in {shard}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shards", [1, 3])
def test_after_each_event_the_records_are_right(world, seed, shards):
    chance = random.Random(f"{seed} {shards}")
    world = world(WAIT_FOR_SYNC="false")
    world.zone.put(FOREIGN)
    world.create(shards=shards, replicas=2, clusterMode=shards > 1, tellsNodes=True)
    names = sorted({node["shard"] for node in world.nodes()})
    judge = Judge(world)
    for number in range(EVENTS):
        happened = happen(world, chance, names, at_most=5)
        notices = [event("FailoverComplete", f"{GROUP}-001"), "ElastiCache:SnapshotComplete : cache-002", event("New", GROUP)]
        sent = chance.choice([None, message(*chance.choices(notices[:2], k=chance.randint(1, 3)), notices[2])])
        label = f"seed {seed}, event {number}: {happened}"
        answer = world.sync(sent, timeout=6)
        if any(finding["reason"] == "unsettled" for finding in answer["findings"]):
            assert world.zone.records() == judge.before, label
            world.aws.advance(600)
            answer = world.sync()
        judge.check(answer, label)
        # Again, and late, it changes nothing.
        judge.check(world.sync(sent, timeout=6), f"{label}, repeated")


def test_a_cluster_as_large_as_they_get(world):
    world = world(WAIT_FOR_SYNC="false")
    world.zone.put(FOREIGN)
    # 500 nodes is the limit of a cluster, 5 replicas that of a shard.
    world.create(shards=18, replicas=5, clusterMode=True, tellsNodes=True)
    judge = Judge(world)
    judge.check(world.sync(), "made")
    assert len(judge.numbers(judge.before)) == 90
    for shard in ("0001", "0018"):
        world.change("failover", {"shard": shard})
    world.aws.advance(600)
    answer = world.sync()
    assert len(answer["changes"]) == 2
    judge.check(answer, "two failovers")


def test_functions_that_run_at_once_end_in_the_right_state(world):
    chance = random.Random(7)
    functions = [f"endpoints-{number}" for number in range(4)]
    world = world(functions, WAIT_FOR_SYNC="false")
    world.create(shards=1, replicas=3)
    for _ in range(5):
        happen(world, chance, [world.nodes()[0]["shard"]], at_most=5)
        world.aws.advance(600)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            outcomes = list(pool.map(lambda function: world.invoke(function=function), functions))
        assert [outcome for outcome, _ in outcomes] == ["response"] * 4, outcomes
        if world.replicas():
            assert sorted(world.zone.targets().values()) == sorted(world.replicas())


def test_a_name_outside_the_zone_changes_nothing(world):
    world = world(RECORD_NAME="read.example.com")
    world.create()
    outcome, answer = world.invoke()
    assert (outcome, answer["errorType"]) == ("error", "Function.OutsideZone")
    assert "read1.example.com" in answer["errorMessage"] and ADDRESS in answer["errorMessage"]
    assert world.zone.records() == {}


def test_dry_runs_print_the_batch_that_would_do_it(world):
    world = world(DRY_RUN="true")
    world.create(replicas=2)
    answer = world.sync()
    assert (answer["result"], world.zone.records()) == ("planned", {})
    # What it prints is what Route 53 takes.
    world.zone.route53.change_resource_record_sets(HostedZoneId=world.zone.id, ChangeBatch=answer["changeBatch"])
    assert sorted(world.zone.targets().values()) == sorted(world.replicas())
    assert world.sync()["result"] == "unchanged"


def test_a_datastore_that_does_not_know_the_cluster_is_told_and_the_replicas_follow(world):
    world = world(GLOBAL_DATASTORE_ID="ldgnf-typo", PRIMARY_RECORD_NAME=f"redis.{ADDRESS}", WAIT_FOR_SYNC="false")
    world.create(replicas=2)
    outcome, answer = world.invoke()
    assert (outcome, answer["errorType"]) == ("error", "Function.NotMember")
    assert sorted(world.zone.targets().values()) == sorted(world.replicas())


def test_roles_that_aws_never_tells_are_not_waited_for(world):
    world = world(WAIT_FOR_SYNC="false")
    world.create(shards=2, replicas=1, clusterMode=True)
    before = len(world.aws.control("GET", "requests"))
    outcome, answer = world.invoke(message(event("SnapshotComplete", f"{GROUP}-0001-001")))
    assert (outcome, answer["errorType"]) == ("error", "Function.Unsettled")
    asked = [request["operation"] for request in world.aws.control("GET", "requests")[before:]]
    assert asked == ["DescribeReplicationGroups"] and world.zone.targets() == {}


def test_the_weighted_record_has_all_replicas(world):
    world = world(RECORD_NAME="", WEIGHTED_RECORD_NAME=f"readers.{ADDRESS}", WAIT_FOR_SYNC="false")
    world.create(replicas=2)
    for _ in range(2):
        world.sync()
        sets = {
            identifier: (record["Weight"], record["TTL"], record["ResourceRecords"][0]["Value"])
            for (_, _, identifier), record in world.zone.records().items()
        }
        nodes = [node for node in world.nodes() if node["role"] == "replica"]
        assert sets == {node["id"]: (1, 10, node["endpoint"]) for node in nodes}
        world.change("failover")
        world.aws.advance(600)


# What the published functions do otherwise. Each is described by what it does, in words, and done over in a few lines;
# the same happens then to ours.


def published_replicas(world, client, nodes=None):
    """Lists the replicas as a dictionary of the answer has them, and writes read1, read2, … one UPSERT after the other.

    It deletes nothing, checks nothing, and does this for whatever event of whatever cluster.
    """
    (group,) = client.describe_replication_groups(ReplicationGroupId=GROUP)["ReplicationGroups"]
    members = [m for shard in group["NodeGroups"] for m in shard["NodeGroupMembers"] if m["CurrentRole"] == "replica"]
    for number, member in enumerate(nodes(members) if nodes else members, 1):
        record = {"Name": f"{NAME}{number}.{ADDRESS}", "Type": "CNAME", "TTL": 10}
        world.zone.put([{**record, "ResourceRecords": [{"Value": member["ReadEndpoint"]["Address"]}]}], "UPSERT")


@pytest.fixture
def both(world):
    world = world(WAIT_FOR_SYNC="false")
    world.create(replicas=3)
    return world, world.aws.client("elasticache", REGION)


def test_published_a_removed_replica_keeps_its_record(both):
    world, client = both
    published_replicas(world, client)
    gone = next(node for node in world.nodes() if node["role"] == "replica")
    world.change(f"nodes/{gone['id']}", method="DELETE")
    world.aws.advance(600)
    published_replicas(world, client)
    # Three records for two replicas: one of them is of a node twice, or of one that is gone.
    assert len(world.zone.targets()) == 3 and len(world.replicas()) == 2
    world.sync()
    assert sorted(world.zone.targets().values()) == sorted(world.replicas())


def test_published_a_failover_moves_records_that_need_not_move(both):
    world, client = both
    published_replicas(world, client)
    before = world.zone.targets()
    ours = Judge(world)
    # A dictionary has no order to rely on.
    published_replicas(world, client, nodes=lambda members: reversed(members))
    moved = {name for name, target in world.zone.targets().items() if before[name] != target}
    assert moved
    world.zone.put([record for record in ours.before.values()], "UPSERT")
    assert world.sync()["result"] == "unchanged"
    assert world.zone.targets() == before
    primary = next(node["endpoint"] for node in world.nodes() if node["role"] == "primary")
    world.change("failover")
    world.aws.advance(600)
    world.sync()
    (moved,) = [name for name, target in world.zone.targets().items() if before[name] != target]
    assert world.zone.targets()[moved] == primary


def test_published_the_events_of_other_clusters_are_worked_through(both):
    world, _ = both
    requests = len(world.aws.control("GET", "requests"))
    other = {"ElastiCache:FailoverComplete": "other-002", "Cache Cluster ID": "other-002"}
    answer = world.sync(message(other, "ElastiCache:SnapshotComplete : other-001", "hello", {"AlarmName": "cpu"}))
    assert answer["result"] == "ignored"
    assert len(world.aws.control("GET", "requests")) == requests
    assert world.zone.records() == {}


def test_published_what_ends_in_the_middle_leaves_half_of_it(both):
    world, client = both

    def cut_off(members):
        yield members[0]
        raise TimeoutError("Lambda's time is up, or Route 53 has had enough requests")

    with pytest.raises(TimeoutError):
        published_replicas(world, client, nodes=cut_off)
    assert len(world.zone.targets()) == 1
    # Ours is one batch, of which Route 53 makes all or nothing.
    (_,) = world.sync()["batches"]
    assert sorted(world.zone.targets().values()) == sorted(world.replicas())


def test_published_nobody_sees_whether_the_change_took(world):
    # Theirs ends with the answer to the request, which says PENDING. Ours follows it.
    world = world(WAIT_FOR_SYNC="true")
    world.create()
    (batch,) = world.sync()["batches"]
    assert batch["secondsToSync"] >= 0


class Regions:
    """Two regions of a Global Datastore, each with its function, and one name for the primary."""

    def __init__(self, moto, folder, request):
        options = ("--function=east=us-east-1:0:endpoints", "--function=west=us-west-2:0:endpoints")
        self.aws = LocalAWS(*options)
        request.addfinalizer(self.stop)
        self.zone, self.processes = Zone(moto), []
        for function in self.aws.control("GET", "state")["functions"]:
            region = "us-east-1" if function["name"] == "east" else "us-west-2"
            environment = {
                **self.aws.environment,
                "AWS_ENDPOINT_URL_ROUTE_53": moto,
                "AWS_REGION": region,
                "AWS_LAMBDA_RUNTIME_API": function["runtimeAPI"],
                "_HANDLER": "endpoints",
                "zone_id": self.zone.id,
                "cname": f"redis.{ADDRESS}",
                "endpoint": f"master.{region}.{ADDRESS}",
                "cluster": "sessions-use1" if function["name"] == "east" else "sessions-usw2",
                "WAIT_FOR_SYNC": "false",
            }
            for name in ("LD_PRELOAD", "HOSTED_ZONE_ID", "DNS_NAME", "GLOBAL_DATASTORE_ID"):
                environment.pop(name, None)
            with open(folder / f"{function['name']}.log", "wb") as log:
                process = subprocess.Popen([PRODUCTS / "bootstrap"], env=environment, stdout=log, stderr=log)
                self.processes.append(process)

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
        self.aws.stop()

    invoke = World.invoke

    def failover(self, region, group):
        self.aws.client("elasticache", region).failover_global_replication_group(
            GlobalReplicationGroupId="ldgnf-sessions", PrimaryRegion=region, PrimaryReplicationGroupId=group
        )
        self.aws.advance(600)

    def promoted(self, group):
        return message(f"ElastiCache:ReplicationGroupPromotedAsPrimary : {group}")


def test_published_a_late_message_takes_the_name_back(moto, tmp_path, request):
    """Theirs points the name at its own endpoint whenever a message says so. With the names of its variables, too."""
    regions = Regions(moto, tmp_path, request)
    east, west = f"master.us-east-1.{ADDRESS}", f"master.us-west-2.{ADDRESS}"
    _, answer = regions.invoke(regions.promoted("sessions-use1"), "east")
    assert answer["result"] == "changed" and regions.zone.targets() == {"redis": east}
    regions.failover("us-west-2", "sessions-usw2")
    _, answer = regions.invoke(regions.promoted("sessions-usw2"), "west")
    assert answer["result"] == "changed" and regions.zone.targets() == {"redis": west}
    # The message of before, a second time; then a schedule.
    for late in ({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}, regions.promoted("sessions-use1")):
        outcome, answer = regions.invoke(late, "east", timeout=6)
        assert (outcome, answer["result"], answer["standing"]) == ("response", "unchanged", "standby")
        assert regions.zone.targets() == {"redis": west}


def test_a_cluster_that_has_left_the_datastore_takes_the_name_from_nobody(moto, tmp_path, request):
    regions = Regions(moto, tmp_path, request)
    east = f"master.us-east-1.{ADDRESS}"
    regions.invoke(function="east")
    regions.aws.client("elasticache", "us-west-2").disassociate_global_replication_group(
        GlobalReplicationGroupId="ldgnf-sessions",
        ReplicationGroupId="sessions-usw2",
        ReplicationGroupRegion="us-west-2",
    )
    regions.aws.advance(600)
    outcome, answer = regions.invoke(function="west")
    assert (outcome, answer["errorType"]) == ("error", "Function.Alone")
    assert regions.zone.targets() == {"redis": east}


# The promoter's last step


def test_the_promoter_points_the_record_at_the_member_that_it_promoted(moto, tmp_path, request):
    aws = LocalAWS("--function=promoter=us-west-2:0:promoter")
    request.addfinalizer(aws.stop)
    zone = Zone(moto)
    (function,) = [f for f in aws.control("GET", "state")["functions"] if f["name"] == "promoter"]
    environment = {
        **aws.environment,  # with the zone of the failover record, which is the local AWS's, and its DNS
        "AWS_REGION": "us-west-2",
        "AWS_LAMBDA_RUNTIME_API": function["runtimeAPI"],
        "_HANDLER": "promoter",
        "RECORD_TARGETS": json.dumps(
            {region: [f"app-{number}.{region}.elb.amazonaws.com"] for region, number in BALANCERS.items()}
        ),
        "AWS_ENDPOINT_URL_ROUTE_53": moto,
        "HOSTED_ZONE_ID": zone.id,
        "PRIMARY_RECORD_NAME": f"redis.{ADDRESS}",
    }
    with open(tmp_path / "promoter.log", "wb") as log:
        process = subprocess.Popen([PRODUCTS / "bootstrap"], env=environment, stdout=log, stderr=log)
    request.addfinalizer(lambda: (process.kill(), process.wait()))

    def check():
        form = urllib.request.Request(f"{aws.endpoint}/_local/functions/promoter/invocations", data=b"{}", method="POST")
        with urllib.request.urlopen(form, timeout=60) as answer:
            return json.loads(json.load(answer)["payload"])

    assert check()["reason"] == "standby" and zone.targets() == {}
    aws.control("POST", "health", {"region": "us-east-1", "healthy": False})
    # While AWS is at it, the record stays as it was.
    assert check()["decision"] == "promote" and zone.targets() == {}
    aws.advance(600)
    assert check()["reason"] == "inPlace"
    (member,) = [g for g in aws.control("GET", "groups") if g["id"] == "sessions-usw2"]
    assert zone.targets() == {"redis": member["primaryEndpoint"]}
    # And then no more.
    asked = len(aws.control("GET", "requests"))
    zone.put([{**record, "TTL": 77} for record in zone.records().values()], "UPSERT")
    assert check()["reason"] == "inPlace" and len(aws.control("GET", "requests")) == asked
    assert [record["TTL"] for record in zone.records().values()] == [77]
