"""Aurora's global clusters: holds the emulated RDS to boto3, and to moto where that one has them too."""

import json
import re

import boto3
import pytest
from local_aws import LocalAWS
from moto import mock_aws
from test_local_aws_contract import code, data, run

EAST, WEST = "us-east-1", "us-west-2"
GLOBAL = "orders-global"
CLUSTERS = {EAST: "orders-use1", WEST: "orders-usw2", "eu-west-1": "orders-euw1"}
USER = dict(MasterUsername="promoter", MasterUserPassword="not-a-secret")
POSTGRES = dict(Engine="aurora-postgresql")


def arn(region, id=None):
    return f"arn:aws:rds:{region}:111122223333:cluster:{id or CLUSTERS[region]}"


@pytest.fixture
def aurora(request):
    aws = LocalAWS("--aurora", *getattr(request, "param", []))
    yield aws
    aws.stop()


def group(client, id=GLOBAL):
    (found,) = client.describe_global_clusters(GlobalClusterIdentifier=id)["GlobalClusters"]
    return found


def roles(found):
    return {m["DBClusterArn"]: (m["IsWriter"], m["SynchronizationStatus"]) for m in found["GlobalClusterMembers"]}


def writer(found):
    return next(m["DBClusterArn"] for m in found["GlobalClusterMembers"] if m["IsWriter"])


def cluster(client, id):
    (found,) = client.describe_db_clusters(DBClusterIdentifier=id)["DBClusters"]
    return found


def failover(client, region=WEST, **more):
    target = dict(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=arn(region))
    return client.failover_global_cluster(**{**target, **(more or {"AllowDataLoss": True})})["GlobalCluster"]


def switchover(client, region=WEST):
    return client.switchover_global_cluster(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=arn(region))


def detach(client, region, id=GLOBAL, of=None):
    target = dict(GlobalClusterIdentifier=id, DbClusterIdentifier=arn(region, of))
    return client.remove_from_global_cluster(**target)["GlobalCluster"]


def hosts(aws):
    with open(aws.environment["NSS_WRAPPER_HOSTS"]) as lines:
        pairs = [line.split() for line in lines]
    return {name: address for address, *names in pairs for name in names}


# Describing


def test_a_global_cluster_is_told_in_every_region(aurora):
    found = group(aurora.client("rds"))
    assert group(aurora.client("rds", "ap-south-1")) == found
    created = found["GlobalClusterResourceId"]
    endpoint = found["Endpoint"]
    assert re.fullmatch(rf"{GLOBAL}\.global-\w{{12}}\.global\.rds\.amazonaws\.com", endpoint)
    assert found == {
        "GlobalClusterIdentifier": GLOBAL,
        "GlobalClusterResourceId": created,
        "GlobalClusterArn": f"arn:aws:rds::111122223333:global-cluster:{GLOBAL}",
        "Status": "available",
        "Engine": "aurora-postgresql",
        "EngineVersion": found["EngineVersion"],
        "StorageEncrypted": True,
        "DeletionProtection": False,
        "GlobalClusterMembers": [
            {
                "DBClusterArn": arn(EAST),
                "Readers": [arn(WEST)],
                "IsWriter": True,
                "SynchronizationStatus": "connected",
            },
            {
                "DBClusterArn": arn(WEST),
                "Readers": [],
                "IsWriter": False,
                "GlobalWriteForwardingStatus": "disabled",
                "SynchronizationStatus": "connected",
            },
        ],
        "Endpoint": endpoint,
        "FailoverState": {},
    }


def test_nothing_of_aurora_is_there_unless_it_is_wanted(aws):
    client = aws.client("rds")
    assert client.describe_global_clusters()["GlobalClusters"] == []
    assert client.describe_db_clusters()["DBClusters"] == []
    assert client.describe_db_instances()["DBInstances"] == []
    assert "GLOBAL_CLUSTER_ID" not in aws.environment


def test_a_filter_chooses_the_global_clusters_of_a_region(aurora):
    def ids(region):
        filters = [{"Name": "region", "Values": [region]}]
        return [g["GlobalClusterIdentifier"] for g in client.describe_global_clusters(Filters=filters)["GlobalClusters"]]

    client = aurora.client("rds")
    assert (ids(WEST), ids("eu-west-1")) == ([GLOBAL], [])


def test_lists_are_paged(aurora):
    for number in range(25):
        aurora.control("POST", "globalclusters", {"id": f"g{number}", "regions": [WEST], "instances": 1})
    client = aurora.client("rds")

    def listed(operation, field, id):
        pages = list(client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 20}))
        assert [len(page[field]) for page in pages] == [20, 6]
        return [one[id] for page in pages for one in page[field]]

    for operation, field, id, own, name in [
        ("describe_global_clusters", "GlobalClusters", "GlobalClusterIdentifier", GLOBAL, "g{}"),
        ("describe_db_clusters", "DBClusters", "DBClusterIdentifier", "orders-usw2", "g{}-usw2"),
        ("describe_db_instances", "DBInstances", "DBInstanceIdentifier", "orders-usw2-1", "g{}-usw2-1"),
    ]:
        assert sorted(listed(operation, field, id)) == sorted([own, *(name.format(n) for n in range(25))])


def test_a_cluster_is_told_by_id_and_by_arn_in_its_region(aurora):
    client = aurora.client("rds")
    found = cluster(client, "ORDERS-usw2")
    assert found == cluster(client, arn(WEST))
    endpoint = re.fullmatch(r"orders-usw2\.cluster-(\w{12})\.us-west-2\.rds\.amazonaws\.com", found["Endpoint"])
    assert found["ReaderEndpoint"] == f"orders-usw2.cluster-ro-{endpoint[1]}.us-west-2.rds.amazonaws.com"
    assert (found["Status"], found["Engine"], found["Port"]) == ("available", "aurora-postgresql", 5432)
    assert found["GlobalClusterIdentifier"] == GLOBAL
    assert found["ReplicationSourceIdentifier"] == arn(EAST)
    assert [(m["DBInstanceIdentifier"], m["IsClusterWriter"]) for m in found["DBClusterMembers"]] == [
        ("orders-usw2-1", False)
    ]
    assert found["VpcSecurityGroups"][0]["Status"] == "active" and found["DBSubnetGroup"] == "default"
    assert found["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    assert found["StorageEncrypted"] and found["KmsKeyId"].startswith("arn:aws:kms:us-west-2:")
    primary = cluster(aurora.client("rds", EAST), "orders-use1")
    assert primary["ReadReplicaIdentifiers"] == [arn(WEST)]
    assert primary["DBClusterMembers"][0]["IsClusterWriter"]
    for other in ("orders-use1", arn(EAST)):
        with pytest.raises(client.exceptions.DBClusterNotFoundFault):
            cluster(client, other)
    filters = [{"Name": "db-cluster-id", "Values": [arn(WEST), "none"]}]
    assert client.describe_db_clusters(Filters=filters)["DBClusters"] == [found]


def test_an_instance_is_told_with_its_endpoint(aurora):
    client = aurora.client("rds")
    filters = [{"Name": "db-cluster-id", "Values": ["orders-usw2"]}]
    (found,) = client.describe_db_instances(Filters=filters)["DBInstances"]
    assert found == client.describe_db_instances(DBInstanceIdentifier="orders-usw2-1")["DBInstances"][0]
    assert (found["DBInstanceStatus"], found["DBClusterIdentifier"]) == ("available", "orders-usw2")
    assert re.fullmatch(r"orders-usw2-1\.\w{12}\.us-west-2\.rds\.amazonaws\.com", found["Endpoint"]["Address"])
    assert found["DBInstanceArn"] == "arn:aws:rds:us-west-2:111122223333:db:orders-usw2-1"
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "default"


# Switchover and failover


def test_a_failover_keeps_the_topology_and_rebuilds_the_old_primary(aurora):
    client = aurora.client("rds")
    answer = failover(client)
    assert answer["Status"] == "available"
    assert answer["FailoverState"] == {
        "Status": "pending",
        "FromDbClusterArn": arn(EAST),
        "ToDbClusterArn": arn(WEST),
        "IsDataLossAllowed": True,
    }
    endpoint = answer["Endpoint"]
    before = hosts(aurora)[endpoint]
    aurora.advance(5)
    found = group(client)
    assert (found["Status"], found["FailoverState"]["Status"]) == ("failing-over", "failing-over")
    assert cluster(client, "orders-usw2")["Status"] == "failing-over"
    aurora.advance(54)
    assert writer(group(client)) == arn(EAST)
    aurora.advance(1)
    found = group(client)
    assert roles(found) == {arn(EAST): (False, "pending-resync"), arn(WEST): (True, "connected")}
    assert (found["Status"], found["FailoverState"], found["Endpoint"]) == ("available", {}, endpoint)
    own = cluster(client, "orders-usw2")
    assert own["Status"] == "available" and own["DBClusterMembers"][0]["IsClusterWriter"]
    assert hosts(aurora)[endpoint] == hosts(aurora)[own["Endpoint"]] != before
    aurora.advance(120)
    assert roles(group(client))[arn(EAST)] == (False, "connected")


@pytest.mark.parametrize("how", [dict(Switchover=True), dict(AllowDataLoss=False), None])
def test_a_switchover_loses_no_data(aurora, how):
    client = aurora.client("rds", EAST)
    if how:
        answer = failover(client, **how)
    else:
        answer = switchover(client)["GlobalCluster"]
    assert answer["FailoverState"]["IsDataLossAllowed"] is False
    aurora.advance(5)
    assert group(client)["FailoverState"]["Status"] == "switching-over"
    aurora.advance(55)
    assert roles(group(client)) == {arn(EAST): (False, "connected"), arn(WEST): (True, "connected")}


def test_without_either_parameter_it_is_a_switchover(aurora):
    client = aurora.client("rds")
    target = dict(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=arn(WEST))
    answer = client.failover_global_cluster(**target)["GlobalCluster"]
    assert answer["FailoverState"]["IsDataLossAllowed"] is False


def test_away_from_a_dead_region_a_failover_works_and_a_switchover_stands_still(aurora):
    client = aurora.client("rds")
    aurora.control("POST", f"regions/{EAST}/down?by=drop")
    switchover(client)
    aurora.advance(3600)
    found = group(client)
    assert (found["Status"], found["FailoverState"]["Status"]) == ("switching-over", "switching-over")
    assert aurora.control("GET", "globalclusters")[0]["operation"]["stalled"]
    with pytest.raises(client.exceptions.InvalidGlobalClusterStateFault):
        failover(client)
    aurora.control("POST", f"regions/{EAST}/up")
    assert writer(group(client)) == arn(WEST)

    west = aurora.client("rds", EAST)
    aurora.control("POST", f"regions/{WEST}/down?by=drop")
    failover(west, EAST)
    aurora.advance(60)
    assert roles(group(west)) == {arn(EAST): (True, "connected"), arn(WEST): (False, "pending-resync")}
    aurora.advance(3600)
    assert roles(group(west))[arn(WEST)] == (False, "pending-resync")
    aurora.control("POST", f"regions/{WEST}/up")
    aurora.advance(120)
    assert roles(group(west))[arn(WEST)] == (False, "connected")


def test_aws_may_refuse_a_failover_stall_it_or_cancel_it(aurora):
    client = aurora.client("rds")
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "refuse"})
    with pytest.raises(client.exceptions.InvalidDBClusterStateFault):
        failover(client)
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "revert"})
    failover(client)
    aurora.advance(60)
    assert group(client)["FailoverState"]["Status"] == "cancelling"
    aurora.advance(5)
    assert group(client)["FailoverState"] == {} and writer(group(client)) == arn(EAST)
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "stall"})
    failover(client)
    aurora.advance(3600)
    assert group(client)["FailoverState"]["Status"] == "failing-over"
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "succeed"})
    assert writer(group(client)) == arn(WEST)


def test_faults_strike_rds_by_its_name(aurora):
    client = aurora.client("rds")
    fault = dict(service="rds", operation="FailoverGlobalCluster", status=400, code="InvalidGlobalClusterStateFault")
    aurora.fault("error", times=1, **fault)
    with pytest.raises(client.exceptions.InvalidGlobalClusterStateFault):
        failover(client)
    failover(client)


@pytest.mark.parametrize("operation", ["failover_global_cluster", "switchover_global_cluster"])
@pytest.mark.parametrize(
    "fields, status, exception",
    [
        ({"GlobalClusterIdentifier": "none"}, 404, "GlobalClusterNotFoundFault"),
        ({"TargetDbClusterIdentifier": arn(WEST, "none")}, 404, "DBClusterNotFoundFault"),
        ({"TargetDbClusterIdentifier": arn("eu-west-1", "alone-euw1")}, 404, "DBClusterNotFoundFault"),
        ({"TargetDbClusterIdentifier": arn(EAST)}, 400, "InvalidDBClusterStateFault"),
        ({"TargetDbClusterIdentifier": "orders-usw2"}, 400, "InvalidParameterValue"),
    ],
)
def test_refusals_are_the_models_exceptions(aurora, operation, fields, status, exception):
    aurora.control("POST", "globalclusters", {"id": "alone", "regions": ["eu-west-1"]})
    client = aurora.client("rds")
    target = dict(GlobalClusterIdentifier=GLOBAL, TargetDbClusterIdentifier=arn(WEST))
    with pytest.raises(client.exceptions.ClientError) as error:
        getattr(client, operation)(**{**target, **fields})
    assert code(error) == exception
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    # The model has no exception for the parameters.
    assert exception == "InvalidParameterValue" or isinstance(error.value, getattr(client.exceptions, exception))


def test_data_loss_and_switchover_exclude_each_other(aurora):
    client = aurora.client("rds")
    with pytest.raises(client.exceptions.ClientError) as error:
        failover(client, AllowDataLoss=True, Switchover=True)
    assert code(error) == "InvalidParameterCombination"


# Detaching


def test_a_detached_cluster_leaves_at_once_and_takes_writes_a_little_later(aurora):
    client = aurora.client("rds")
    endpoint = group(client)["Endpoint"]
    before = hosts(aurora)[endpoint]
    assert roles(detach(client, WEST)) == {arn(EAST): (True, "connected")}
    own = cluster(client, "orders-usw2")
    # As in AWS nothing shows in its status for some seconds.
    assert own["Status"] == "available" and "GlobalClusterIdentifier" not in own
    assert not own["DBClusterMembers"][0]["IsClusterWriter"] and own["Endpoint"] not in hosts(aurora)
    aurora.advance(5)
    assert cluster(client, "orders-usw2")["Status"] == "promoting"
    aurora.advance(15)
    own = cluster(client, "orders-usw2")
    assert own["Status"] == "available" and own["DBClusterMembers"][0]["IsClusterWriter"]
    assert own["Endpoint"] in hosts(aurora)
    assert hosts(aurora)[endpoint] == before, "the global endpoint stays where it was"
    # And so does the old primary, which nobody has told.
    assert cluster(aurora.client("rds", EAST), "orders-use1")["DBClusterMembers"][0]["IsClusterWriter"]


def test_a_target_is_detached_in_the_middle_of_what_stands_still(aurora):
    client = aurora.client("rds")
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "stall"})
    failover(client)
    aurora.advance(300)
    assert detach(client, WEST)["FailoverState"] == {}
    aurora.advance(20)
    assert cluster(client, "orders-usw2")["DBClusterMembers"][0]["IsClusterWriter"]
    aurora.control("POST", f"globalclusters/{GLOBAL}/failovers", {"behavior": "succeed"})
    assert writer(group(client)) == arn(EAST)


@pytest.mark.parametrize(
    "region, id, exception",
    [
        (EAST, GLOBAL, "InvalidGlobalClusterStateFault"),
        ("eu-west-1", GLOBAL, "DBClusterNotFoundFault"),
        (WEST, "none", "GlobalClusterNotFoundFault"),
    ],
)
def test_neither_a_primary_with_others_nor_a_stranger_is_detached(aurora, region, id, exception):
    client = aurora.client("rds")
    with pytest.raises(getattr(client.exceptions, exception)):
        detach(client, region, id)
    assert len(group(client)["GlobalClusterMembers"]) == 2


# Making and removing


def test_the_way_back_after_a_detach(aurora):
    """What a rejoin does by hand: the old global cluster goes, the cluster that stands alone gets a new one, and the
    recovered region a new secondary."""
    west, east = aurora.client("rds"), aurora.client("rds", EAST)
    detach(west, WEST)
    aurora.advance(20)
    detach(east, EAST)
    assert group(east)["GlobalClusterMembers"] == []
    west.delete_global_cluster(GlobalClusterIdentifier=GLOBAL)
    assert group(west)["Status"] == "deleting"
    with pytest.raises(west.exceptions.GlobalClusterAlreadyExistsFault):
        west.create_global_cluster(GlobalClusterIdentifier=GLOBAL, SourceDBClusterIdentifier=arn(WEST))
    aurora.advance(60)
    with pytest.raises(west.exceptions.GlobalClusterNotFoundFault):
        group(west)

    made = west.create_global_cluster(GlobalClusterIdentifier=GLOBAL, SourceDBClusterIdentifier=arn(WEST))
    assert made["GlobalCluster"]["Engine"] == "aurora-postgresql"
    assert cluster(west, "orders-usw2")["Status"] == "promoting"
    secondary = dict(DBClusterIdentifier="orders-use1", GlobalClusterIdentifier=GLOBAL, **POSTGRES)
    renamed = dict(DBClusterIdentifier="orders-use1", NewDBClusterIdentifier="orders-use1-old", ApplyImmediately=True)
    assert east.modify_db_cluster(**renamed)["DBCluster"]["DBClusterArn"] == arn(EAST, "orders-use1-old")
    with pytest.raises(east.exceptions.InvalidDBClusterStateFault):
        east.create_db_cluster(**secondary)
    aurora.advance(30)
    assert roles(group(west)) == {arn(WEST): (True, "connected")}
    chosen = dict(DBSubnetGroupName="private", DBClusterParameterGroupName="tuned", KmsKeyId="arn:aws:kms:us-east-1:1:key/a")
    answer = east.create_db_cluster(**secondary, **chosen, Port=5433, VpcSecurityGroupIds=["sg-1", "sg-2"])["DBCluster"]
    assert (answer["Status"], answer["GlobalClusterIdentifier"], answer["Port"]) == ("creating", GLOBAL, 5433)
    assert [g["VpcSecurityGroupId"] for g in answer["VpcSecurityGroups"]] == ["sg-1", "sg-2"]
    assert [answer[name] for name in ("DBSubnetGroup", "DBClusterParameterGroup", "KmsKeyId")] == list(chosen.values())
    assert roles(group(west))[arn(EAST)] == (False, "pending-resync")
    instance = dict(DBInstanceIdentifier="orders-use1-a", DBInstanceClass="db.r7g.large", **POSTGRES)
    with pytest.raises(east.exceptions.InvalidDBClusterStateFault):
        east.create_db_instance(**instance, DBClusterIdentifier="orders-use1")
    aurora.advance(300)
    assert roles(group(west))[arn(EAST)] == (False, "connected")
    with pytest.raises(west.exceptions.InvalidDBClusterStateFault):
        failover(west, EAST)  # there is no instance yet
    answer = east.create_db_instance(**instance, DBClusterIdentifier="orders-use1")["DBInstance"]
    assert answer["DBInstanceStatus"] == "creating" and "Endpoint" not in answer
    aurora.advance(300)
    assert cluster(east, "orders-use1")["ReaderEndpoint"] in hosts(aurora)
    failover(west, EAST)
    aurora.advance(60)
    assert writer(group(west)) == arn(EAST)

    old = dict(DBClusterIdentifier="orders-use1-old")
    with pytest.raises(east.exceptions.InvalidDBClusterStateFault):
        east.delete_db_cluster(**old, SkipFinalSnapshot=True)
    gone = east.delete_db_instance(DBInstanceIdentifier="orders-use1-1", SkipFinalSnapshot=True)["DBInstance"]
    assert gone["DBInstanceStatus"] == "deleting"
    assert east.delete_db_cluster(**old, SkipFinalSnapshot=True)["DBCluster"]["Status"] == "deleting"
    aurora.advance(60)
    with pytest.raises(east.exceptions.DBClusterNotFoundFault):
        cluster(east, "orders-use1-old")
    with pytest.raises(east.exceptions.DBInstanceNotFoundFault):
        east.describe_db_instances(DBInstanceIdentifier="orders-use1-1")


def test_an_old_global_cluster_is_set_aside_by_another_name(aurora):
    """What a rejoin does: the id is free again, and nothing of the old one is deleted."""
    west, east = aurora.client("rds"), aurora.client("rds", EAST)
    detach(west, WEST)
    aurora.advance(20)
    renamed = dict(GlobalClusterIdentifier=GLOBAL, NewGlobalClusterIdentifier="Orders-Global-Old")
    aside = east.modify_global_cluster(**renamed)["GlobalCluster"]
    assert aside["GlobalClusterIdentifier"] == "orders-global-old"
    assert aside["GlobalClusterArn"].endswith(":global-cluster:orders-global-old")
    assert roles(group(west, "orders-global-old")) == {arn(EAST): (True, "connected")}
    with pytest.raises(west.exceptions.GlobalClusterNotFoundFault):
        group(west)
    west.create_global_cluster(GlobalClusterIdentifier=GLOBAL, SourceDBClusterIdentifier=arn(WEST))
    back = dict(GlobalClusterIdentifier="orders-global-old", NewGlobalClusterIdentifier=GLOBAL)
    with pytest.raises(east.exceptions.GlobalClusterAlreadyExistsFault):
        east.modify_global_cluster(**back)
    with pytest.raises(west.exceptions.InvalidGlobalClusterStateFault):  # its cluster is being taken in
        west.modify_global_cluster(**renamed)
    aurora.advance(30)
    with pytest.raises(west.exceptions.GlobalClusterAlreadyExistsFault):
        west.modify_global_cluster(**renamed)
    assert west.modify_global_cluster(GlobalClusterIdentifier=GLOBAL, DeletionProtection=True)["GlobalCluster"]["DeletionProtection"]
    assert roles(group(east)) == {arn(WEST): (True, "connected")}


def test_what_was_waiting_for_its_data_gets_it_under_the_new_name(aurora):
    west = aurora.client("rds")
    failover(west)
    aurora.advance(60)
    assert roles(group(west))[arn(EAST)] == (False, "pending-resync")
    west.modify_global_cluster(GlobalClusterIdentifier=GLOBAL, NewGlobalClusterIdentifier="renamed")
    aurora.advance(120)
    assert roles(group(west, "renamed"))[arn(EAST)] == (False, "connected")


def test_a_final_snapshot_stays(aws):
    client = aws.client("rds")
    client.create_db_cluster(DBClusterIdentifier="one", **POSTGRES, **USER)
    client.create_db_cluster(DBClusterIdentifier="two", **POSTGRES, **USER)
    aws.advance(300)
    gone = dict(DBClusterIdentifier="one", FinalDBSnapshotIdentifier="Last")
    assert client.delete_db_cluster(**gone)["DBCluster"]["Status"] == "deleting"
    aws.advance(60)
    (snapshot,) = client.describe_db_cluster_snapshots(DBClusterIdentifier="one")["DBClusterSnapshots"]
    told = [snapshot[name] for name in ("DBClusterSnapshotIdentifier", "DBClusterIdentifier", "Status", "Engine")]
    assert told == ["last", "one", "available", "aurora-postgresql"]
    with pytest.raises(client.exceptions.DBClusterSnapshotAlreadyExistsFault):
        client.delete_db_cluster(DBClusterIdentifier="two", FinalDBSnapshotIdentifier="last")
    assert cluster(client, "two")["Status"] == "available"
    assert client.describe_db_cluster_snapshots(DBClusterIdentifier="two")["DBClusterSnapshots"] == []
    assert aws.client("rds", EAST).describe_db_cluster_snapshots()["DBClusterSnapshots"] == []
    with pytest.raises(client.exceptions.DBClusterSnapshotNotFoundFault):
        client.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier="none")


def test_a_global_cluster_is_made_from_nothing(aws):
    client = aws.client("rds")
    made = client.create_global_cluster(GlobalClusterIdentifier="New", **POSTGRES, DatabaseName="orders")
    assert (made["GlobalCluster"]["GlobalClusterIdentifier"], made["GlobalCluster"]["Status"]) == ("new", "available")
    client.create_db_cluster(DBClusterIdentifier="first", GlobalClusterIdentifier="new", **POSTGRES, **USER)
    aws.advance(300)
    assert roles(group(client, "new")) == {arn(WEST, "first"): (True, "connected")}
    assert cluster(client, "first")["DatabaseName"] == "orders"


CREATE_CLUSTER = dict(DBClusterIdentifier="new", **POSTGRES)


@pytest.mark.parametrize(
    "region, operation, fields, expected",
    [
        (WEST, "create_global_cluster", dict(GlobalClusterIdentifier="new"), "InvalidParameterValue"),
        (WEST, "create_global_cluster", dict(GlobalClusterIdentifier="new", Engine="oracle-ee"), "InvalidParameterValue"),
        (WEST, "create_global_cluster", dict(GlobalClusterIdentifier="1st", **POSTGRES), "InvalidParameterValue"),
        (WEST, "create_global_cluster", dict(GlobalClusterIdentifier=GLOBAL, **POSTGRES), "GlobalClusterAlreadyExistsFault"),
        (
            WEST,
            "create_global_cluster",
            dict(GlobalClusterIdentifier="new", SourceDBClusterIdentifier=arn(WEST), **POSTGRES),
            "InvalidParameterCombination",
        ),
        (
            WEST,
            "create_global_cluster",
            dict(GlobalClusterIdentifier="new", SourceDBClusterIdentifier=arn(WEST)),
            "InvalidDBClusterStateFault",
        ),
        (
            WEST,
            "create_global_cluster",
            dict(GlobalClusterIdentifier="new", SourceDBClusterIdentifier=arn(WEST, "none")),
            "DBClusterNotFoundFault",
        ),
        (
            WEST,
            "create_global_cluster",
            dict(GlobalClusterIdentifier="new", SourceDBClusterIdentifier="orders-usw2"),
            "InvalidParameterValue",
        ),
        (WEST, "modify_global_cluster", dict(GlobalClusterIdentifier="none"), "GlobalClusterNotFoundFault"),
        (
            WEST,
            "modify_global_cluster",
            dict(GlobalClusterIdentifier=GLOBAL, NewGlobalClusterIdentifier="x-"),
            "InvalidParameterValue",
        ),
        (WEST, "delete_global_cluster", dict(GlobalClusterIdentifier="none"), "GlobalClusterNotFoundFault"),
        (WEST, "delete_global_cluster", dict(GlobalClusterIdentifier=GLOBAL), "InvalidGlobalClusterStateFault"),
        (WEST, "create_db_cluster", CREATE_CLUSTER, "InvalidParameterValue"),
        (WEST, "create_db_cluster", {**CREATE_CLUSTER, **USER, "DBClusterIdentifier": "orders-usw2"}, "DBClusterAlreadyExistsFault"),
        (WEST, "create_db_cluster", {**CREATE_CLUSTER, "GlobalClusterIdentifier": "none"}, "GlobalClusterNotFoundFault"),
        (WEST, "create_db_cluster", {**CREATE_CLUSTER, "GlobalClusterIdentifier": GLOBAL}, "InvalidGlobalClusterStateFault"),
        (
            "eu-west-1",
            "create_db_cluster",
            {**CREATE_CLUSTER, "GlobalClusterIdentifier": GLOBAL, "Engine": "aurora-mysql"},
            "InvalidParameterCombination",
        ),
        (
            "eu-west-1",
            "create_db_cluster",
            {**CREATE_CLUSTER, **USER, "GlobalClusterIdentifier": GLOBAL},
            "InvalidParameterCombination",
        ),
        (WEST, "modify_db_cluster", dict(DBClusterIdentifier="none"), "DBClusterNotFoundFault"),
        (
            WEST,
            "modify_db_cluster",
            dict(DBClusterIdentifier="orders-usw2", NewDBClusterIdentifier="x", ApplyImmediately=True),
            "InvalidDBClusterStateFault",
        ),
        (
            WEST,
            "modify_db_cluster",
            dict(DBClusterIdentifier="orders-usw2", NewDBClusterIdentifier="x-", ApplyImmediately=True),
            "InvalidParameterValue",
        ),
        (WEST, "delete_db_cluster", dict(DBClusterIdentifier="none", SkipFinalSnapshot=True), "DBClusterNotFoundFault"),
        (WEST, "delete_db_cluster", dict(DBClusterIdentifier="orders-usw2"), "InvalidParameterCombination"),
        (
            WEST,
            "delete_db_cluster",
            dict(DBClusterIdentifier="orders-usw2", SkipFinalSnapshot=True, FinalDBSnapshotIdentifier="last"),
            "InvalidParameterCombination",
        ),
        (WEST, "delete_db_cluster", dict(DBClusterIdentifier="orders-usw2", SkipFinalSnapshot=True), "InvalidDBClusterStateFault"),
        (EAST, "delete_db_cluster", dict(DBClusterIdentifier="orders-use1", SkipFinalSnapshot=True), "InvalidGlobalClusterStateFault"),
        (
            WEST,
            "create_db_instance",
            dict(DBInstanceIdentifier="x", DBInstanceClass="db.r7g.large", DBClusterIdentifier="none", **POSTGRES),
            "DBClusterNotFoundFault",
        ),
        (
            WEST,
            "create_db_instance",
            dict(DBInstanceIdentifier="orders-usw2-1", DBInstanceClass="c", DBClusterIdentifier="orders-usw2", **POSTGRES),
            "DBInstanceAlreadyExists",
        ),
        (
            WEST,
            "create_db_instance",
            dict(DBInstanceIdentifier="x", DBInstanceClass="c", DBClusterIdentifier="orders-usw2", Engine="aurora-mysql"),
            "InvalidParameterCombination",
        ),
        (WEST, "delete_db_instance", dict(DBInstanceIdentifier="none"), "DBInstanceNotFound"),
        (WEST, "describe_db_instances", dict(DBInstanceIdentifier="none"), "DBInstanceNotFound"),
        (WEST, "describe_db_clusters", dict(DBClusterIdentifier="none"), "DBClusterNotFoundFault"),
        (WEST, "describe_global_clusters", dict(GlobalClusterIdentifier="none"), "GlobalClusterNotFoundFault"),
        (WEST, "describe_global_clusters", dict(MaxRecords=19), "InvalidParameterValue"),
        (WEST, "describe_global_clusters", dict(Filters=[dict(Name="engine", Values=["x"])]), "InvalidParameterValue"),
        (WEST, "describe_global_clusters", dict(GlobalClusterIdentifier=GLOBAL, Marker="x"), "InvalidParameterCombination"),
    ],
)
def test_what_rds_does_not_do(aurora, region, operation, fields, expected):
    before = aurora.control("GET", "globalclusters"), aurora.control("GET", "dbclusters")
    client = aurora.client("rds", region)
    with pytest.raises(client.exceptions.ClientError) as error:
        getattr(client, operation)(**fields)
    assert code(error) == expected
    faults = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).error_shapes
    known = {shape.metadata["error"]["code"]: shape.metadata["error"]["httpStatusCode"] for shape in faults}
    # Common to all of the query protocol's services are the last two, which the model does not have.
    status = known.get(expected) or {"InvalidParameterValue": 400, "InvalidParameterCombination": 400}[expected]
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert (aurora.control("GET", "globalclusters"), aurora.control("GET", "dbclusters")) == before


def test_what_is_protected_is_not_deleted(aws):
    client = aws.client("rds")
    client.create_global_cluster(GlobalClusterIdentifier="new", **POSTGRES, DeletionProtection=True)
    client.create_db_cluster(DBClusterIdentifier="new", **POSTGRES, **USER, DeletionProtection=True)
    aws.advance(300)
    calls = [
        lambda: client.delete_global_cluster(GlobalClusterIdentifier="new"),
        lambda: client.delete_db_cluster(DBClusterIdentifier="new", SkipFinalSnapshot=True),
    ]
    for call in calls:
        with pytest.raises(client.exceptions.ClientError) as error:
            call()
        assert code(error) == "InvalidParameterCombination"
    client.modify_db_cluster(DBClusterIdentifier="new", DeletionProtection=False)
    calls[1]()


# The lag


@pytest.mark.parametrize("name", ["AuroraGlobalDBReplicationLag", "AuroraGlobalDBRPOLag", "AuroraGlobalDBProgressLag"])
def test_the_lag_is_found_in_the_secondarys_region(aurora, name):
    metric = {"Namespace": "AWS/RDS", "MetricName": name}
    own = [{"Name": "DBClusterIdentifier", "Value": "orders-usw2"}]
    source = [*own, {"Name": "SourceRegion", "Value": EAST}]
    client = aurora.client("cloudwatch")
    assert client.list_metrics(**metric, Dimensions=own)["Metrics"] == [
        {**metric, "Dimensions": dimensions} for dimensions in (own, source)
    ]
    assert aurora.client("cloudwatch", EAST).list_metrics(**metric)["Metrics"] == []
    aurora.control("POST", f"globalclusters/{GLOBAL}/lag", {"milliseconds": 4500})
    for dimensions in (own, source):
        assert data(client, {**metric, "Dimensions": dimensions})["Values"] == [4500] * 5
    aurora.control("POST", f"globalclusters/{GLOBAL}/lag", {"milliseconds": None})
    assert data(client, {**metric, "Dimensions": own})["Values"] == []


def test_the_lag_falls_silent_when_the_primary_is_lost(aurora):
    metric = {"Namespace": "AWS/RDS", "MetricName": "AuroraGlobalDBRPOLag"}
    metric["Dimensions"] = [{"Name": "DBClusterIdentifier", "Value": "orders-usw2"}]
    client = aurora.client("cloudwatch")
    aurora.control("POST", f"regions/{EAST}/down")
    aurora.advance(300)
    assert data(client, metric, minutes=2)["Values"] == []
    failover(aurora.client("rds"))
    aurora.advance(60)
    assert client.list_metrics(**metric)["Metrics"] == []


# The command line


def test_the_commands_tell_and_change_global_clusters(aurora):
    at = ["--endpoint", aurora.endpoint]
    as_json = ["--output", "json", *at]
    assert aurora.environment["GLOBAL_CLUSTER_ID"] == GLOBAL
    inside = run("run", "--region", WEST, *at, "--", "sh", "-c", "echo $GLOBAL_CLUSTER_ID")
    assert inside.stdout == f"{GLOBAL}\n"
    assert run("aurora", *at).stdout.splitlines()[0].startswith(f"{GLOBAL}: available")
    state = json.loads(run("aurora", "lag", GLOBAL, "4500", *as_json).stdout)
    assert state["globalClusters"][0]["lagMilliseconds"] == 4500
    state = json.loads(run("aurora", "lag", GLOBAL, "none", *as_json).stdout)
    assert "lagMilliseconds" not in state["globalClusters"][0]
    state = json.loads(run("aurora", "failovers", GLOBAL, "stall", *as_json).stdout)
    assert state["globalClusters"][0]["failovers"] == "stall"
    failover(aurora.client("rds"))
    aurora.advance(60)
    assert "standing still" in run("aurora", *at).stdout
    made = ["create", "other", "--region", EAST, "--region", WEST, "--engine", "aurora-mysql", "--instances", "2"]
    state = json.loads(run("aurora", *made, *as_json).stdout)
    assert [g["id"] for g in state["globalClusters"]] == [GLOBAL, "other"]
    assert [len(c["instances"]) for c in state["dbClusters"] if c["globalCluster"] == "other"] == [2, 2]
    refused = run("aurora", *made, *at)
    assert refused.returncode == 1 and "already" in refused.stderr


def test_without_aurora_a_process_is_told_of_none(aws):
    inside = run("run", "--endpoint", aws.endpoint, "--", "sh", "-c", "echo ${GLOBAL_CLUSTER_ID-none}")
    assert inside.stdout == "none\n"
    assert run("aurora", "--endpoint", aws.endpoint).stdout == "No clusters.\n"


QUICK = ["--aurora-failover-seconds=10", "--aurora-resync-seconds=7", "--aurora-detach-seconds=3", "--three-regions"]


@pytest.mark.parametrize("aurora", [QUICK], indirect=True)
def test_how_long_things_take_can_be_chosen(aurora):
    client = aurora.client("rds")
    assert len(group(client)["GlobalClusterMembers"]) == 3
    failover(client)
    aurora.advance(10)
    assert writer(group(client)) == arn(WEST)
    assert set(roles(group(client)).values()) == {(True, "connected"), (False, "pending-resync")}
    aurora.advance(7)
    assert set(roles(group(client)).values()) == {(True, "connected"), (False, "connected")}
    detach(client, EAST)
    aurora.advance(3)
    assert cluster(aurora.client("rds", EAST), "orders-use1")["DBClusterMembers"][0]["IsClusterWriter"]


def test_a_time_that_cannot_be_is_refused():
    refused = run("serve", "--port", "0", "--aurora", "--aurora-detach-seconds=-1")
    assert refused.returncode == 64 and "--aurora-detach-seconds" in refused.stderr


# moto, where it has them


def play(rds):
    """What another AWS must answer alike, as far as moto goes."""
    east, west = rds(EAST), rds(WEST)
    told = []

    def tell(found):
        shown = ("GlobalClusterIdentifier", "GlobalClusterArn", "Status", "Engine", "DeletionProtection")
        # Of a cluster that a global one is made of moto does not say that it writes.
        roles = ("DBClusterArn", "IsWriter", "Readers") if len(found["GlobalClusterMembers"]) > 1 else ("DBClusterArn",)
        members = [[m.get(name) for name in roles] for m in found["GlobalClusterMembers"]]
        told.append(({name: found[name] for name in shown}, members))

    def refused(call, **fields):
        with pytest.raises(east.exceptions.ClientError) as error:
            call(**fields)
        told.append(code(error))

    refused(east.create_global_cluster, GlobalClusterIdentifier="play")
    refused(east.create_global_cluster, GlobalClusterIdentifier="play", SourceDBClusterIdentifier="first")
    tell(east.create_global_cluster(GlobalClusterIdentifier="empty", **POSTGRES)["GlobalCluster"])
    east.delete_global_cluster(GlobalClusterIdentifier="empty")
    yield
    first = east.create_db_cluster(DBClusterIdentifier="first", **POSTGRES, **USER)["DBCluster"]
    yield
    source = dict(GlobalClusterIdentifier="play", SourceDBClusterIdentifier=first["DBClusterArn"])
    refused(east.create_global_cluster, **source, Engine="aurora-postgresql")
    east.create_global_cluster(**source)
    yield
    tell(east.describe_global_clusters(GlobalClusterIdentifier="play")["GlobalClusters"][0])
    refused(east.delete_global_cluster, GlobalClusterIdentifier="play")
    instance = dict(DBInstanceClass="db.r6g.large", **POSTGRES)
    east.create_db_instance(DBInstanceIdentifier="first-a", DBClusterIdentifier="first", **instance)
    yield
    (cluster,) = east.describe_db_clusters(DBClusterIdentifier="first")["DBClusters"]
    members = [(m["DBInstanceIdentifier"], m["IsClusterWriter"]) for m in cluster["DBClusterMembers"]]
    told.append((cluster["Status"], cluster["DBClusterArn"], cluster["Port"], members))
    (found,) = east.describe_db_instances(DBInstanceIdentifier="first-a")["DBInstances"]
    told.append([found[name] for name in ("DBInstanceStatus", "DBClusterIdentifier", "DBInstanceArn")])
    told.append((found["Endpoint"]["Port"], west.describe_db_clusters()["DBClusters"]))
    refused(west.describe_db_clusters, DBClusterIdentifier="first")
    refused(west.describe_db_instances, DBInstanceIdentifier="first-a")
    detached = dict(GlobalClusterIdentifier="play", DbClusterIdentifier=first["DBClusterArn"])
    tell(east.remove_from_global_cluster(**detached)["GlobalCluster"])
    east.delete_global_cluster(GlobalClusterIdentifier="play")
    yield
    told.append(east.describe_global_clusters()["GlobalClusters"])
    east.create_global_cluster(GlobalClusterIdentifier="two", **POSTGRES)
    member = dict(GlobalClusterIdentifier="two", **POSTGRES)
    east.create_db_cluster(DBClusterIdentifier="two-east", **member, **USER)
    yield
    west.create_db_cluster(DBClusterIdentifier="two-west", **member)
    yield
    tell(east.describe_global_clusters(GlobalClusterIdentifier="two")["GlobalClusters"][0])
    refused(east.delete_db_cluster, DBClusterIdentifier="first", SkipFinalSnapshot=True)
    yield told


def test_moto_has_the_same_global_clusters(aws):
    ours = None
    for step in play(lambda region: aws.client("rds", region)):
        aws.advance(600)
        ours = step
    with mock_aws():
        key = dict(aws_access_key_id="test", aws_secret_access_key="test")
        *_, theirs = play(lambda region: boto3.client("rds", region_name=region, **key))
    account = re.compile(r":\d{12}:")
    assert account.sub("::", repr(ours)) == account.sub("::", repr(theirs))
