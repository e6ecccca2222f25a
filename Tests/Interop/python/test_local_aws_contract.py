"""Holds the emulated AWS to what boto3 understands.

Every answer is parsed by botocore, from AWS's own service models, and every refusal must arrive as the
exception that a program written against AWS would catch.
"""

import datetime
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import boto3
import botocore
import botocore.exceptions
import pytest
from botocore.config import Config
from local_aws import PRODUCTS, LocalAWS

ZONE, NAME, DATASTORE = "Z0LOCALPROMOTER", "app.example.com.", "ldgnf-sessions"


def code(error):
    return error.value.response["Error"]["Code"]


def members(client):
    groups = client.describe_global_replication_groups(ShowMemberInfo=True)["GlobalReplicationGroups"]
    return {member["ReplicationGroupRegion"]: member["Role"] for member in groups[0]["Members"]}


# ElastiCache


def test_failover_swaps_the_roles_when_it_ends(aws):
    client = aws.client("elasticache")
    assert members(client) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}
    answer = client.failover_global_replication_group(
        GlobalReplicationGroupId=DATASTORE, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="sessions-usw2"
    )
    assert answer["GlobalReplicationGroup"]["Status"] == "modifying"
    assert members(client) == {"us-east-1": "PRIMARY", "us-west-2": "SECONDARY"}
    state = aws.advance(90)
    assert state["datastores"][0]["status"] == "available"
    assert members(client) == {"us-east-1": "SECONDARY", "us-west-2": "PRIMARY"}


@pytest.mark.parametrize(
    "group, region, member, exception",
    [
        ("ldgnf-none", "us-west-2", "sessions-usw2", "GlobalReplicationGroupNotFoundFault"),
        (DATASTORE, "us-west-2", "sessions-none", "InvalidParameterValueException"),
        (DATASTORE, "eu-west-1", "sessions-usw2", "InvalidParameterValueException"),
        (DATASTORE, "us-east-1", "sessions-use1", "InvalidGlobalReplicationGroupStateFault"),
    ],
)
def test_failover_refusals_are_the_models_exceptions(aws, group, region, member, exception):
    client = aws.client("elasticache")
    with pytest.raises(getattr(client.exceptions, exception)):
        client.failover_global_replication_group(
            GlobalReplicationGroupId=group, PrimaryRegion=region, PrimaryReplicationGroupId=member
        )


def test_a_second_failover_is_refused_while_the_first_lasts(aws):
    client = aws.client("elasticache")
    target = dict(GlobalReplicationGroupId=DATASTORE, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="sessions-usw2")
    client.failover_global_replication_group(**target)
    with pytest.raises(client.exceptions.InvalidGlobalReplicationGroupStateFault):
        client.failover_global_replication_group(**target)


def test_describe_without_member_info_has_no_members(aws):
    group = aws.client("elasticache").describe_global_replication_groups()["GlobalReplicationGroups"][0]
    assert "Members" not in group
    assert group["GlobalReplicationGroupId"] == DATASTORE


def test_describe_of_an_unknown_group_and_of_a_foreign_region(aws):
    client = aws.client("elasticache")
    with pytest.raises(client.exceptions.GlobalReplicationGroupNotFoundFault) as error:
        client.describe_global_replication_groups(GlobalReplicationGroupId="ldgnf-none")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert aws.client("elasticache", "ap-south-1").describe_global_replication_groups()["GlobalReplicationGroups"] == []


def test_marker_with_an_id_is_an_invalid_combination(aws):
    client = aws.client("elasticache")
    with pytest.raises(client.exceptions.InvalidParameterCombinationException):
        client.describe_global_replication_groups(GlobalReplicationGroupId=DATASTORE, Marker="x")


def test_describe_pages_by_the_paginator(aws):
    pages = aws.client("elasticache").get_paginator("describe_global_replication_groups").paginate(
        PaginationConfig={"PageSize": 20}
    )
    assert [g["GlobalReplicationGroupId"] for page in pages for g in page["GlobalReplicationGroups"]] == [DATASTORE]


def detach(client, region, member):
    return client.disassociate_global_replication_group(
        GlobalReplicationGroupId=DATASTORE, ReplicationGroupId=member, ReplicationGroupRegion=region
    )["GlobalReplicationGroup"]


def test_a_detached_secondary_leaves_and_stands_alone(aws):
    client = aws.client("elasticache")
    group = detach(client, "us-west-2", "sessions-usw2")
    assert group["Status"] == "modifying"
    assert [m["Status"] for m in group["Members"]] == ["associated", "disassociating"]
    aws.advance(20)
    east = aws.client("elasticache", "us-east-1")
    assert members(east) == {"us-east-1": "PRIMARY"}
    assert east.describe_global_replication_groups()["GlobalReplicationGroups"][0]["Status"] == "primary-only"
    alone = client.describe_replication_groups(ReplicationGroupId="sessions-usw2")["ReplicationGroups"][0]
    assert alone["Status"] == "available" and "GlobalReplicationGroupInfo" not in alone


@pytest.mark.parametrize(
    "region, member", [("us-east-1", "sessions-use1"), ("us-west-2", "sessions-none"), ("eu-west-1", "sessions-euw1")]
)
def test_neither_the_primary_nor_a_stranger_is_detached(aws, region, member):
    client = aws.client("elasticache")
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        detach(client, region, member)


def test_a_region_describes_its_own_replication_group(aws):
    pages = aws.client("elasticache").get_paginator("describe_replication_groups").paginate()
    groups = [group for page in pages for group in page["ReplicationGroups"]]
    assert [(g["ReplicationGroupId"], g["Status"], g["MemberClusters"]) for g in groups] == [
        ("sessions-usw2", "available", ["sessions-usw2-001", "sessions-usw2-002"])
    ]
    assert groups[0]["GlobalReplicationGroupInfo"] == {
        "GlobalReplicationGroupId": DATASTORE,
        "GlobalReplicationGroupMemberRole": "SECONDARY",
    }
    client = aws.client("elasticache")
    with pytest.raises(client.exceptions.ReplicationGroupNotFoundFault):
        client.describe_replication_groups(ReplicationGroupId="sessions-use1")


def test_aws_may_refuse_a_failover_stall_it_or_revert_it(aws):
    client = aws.client("elasticache")
    target = dict(GlobalReplicationGroupId=DATASTORE, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="sessions-usw2")
    aws.control("POST", f"datastores/{DATASTORE}/failovers", {"behavior": "refuse"})
    with pytest.raises(client.exceptions.InvalidGlobalReplicationGroupStateFault):
        client.failover_global_replication_group(**target)
    for behavior, status in [("revert", "available"), ("stall", "modifying")]:
        aws.control("POST", f"datastores/{DATASTORE}/failovers", {"behavior": behavior})
        client.failover_global_replication_group(**target)
        assert aws.advance(3600)["datastores"][0]["status"] == status
        assert members(client)["us-east-1"] == "PRIMARY"
    state = aws.control("POST", f"datastores/{DATASTORE}/failovers", {"behavior": "succeed"})
    assert state["datastores"][0]["status"] == "available"
    assert members(client)["us-west-2"] == "PRIMARY"


# SSM


def test_a_parameter_has_versions_and_lives_in_its_region(aws):
    client = aws.client("ssm")
    assert client.put_parameter(Name="/promoter/pause", Value="é", Type="String")["Version"] == 1
    with pytest.raises(client.exceptions.ParameterAlreadyExists):
        client.put_parameter(Name="/promoter/pause", Value="b", Type="String")
    assert client.put_parameter(Name="/promoter/pause", Value="b\n", Overwrite=True)["Version"] == 2
    parameter = client.get_parameter(Name="/promoter/pause", WithDecryption=True)["Parameter"]
    changed = parameter.pop("LastModifiedDate")
    assert abs(changed - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(hours=1)
    assert parameter == {
        "Name": "/promoter/pause",
        "Type": "String",
        "Value": "b\n",
        "Version": 2,
        "ARN": "arn:aws:ssm:us-west-2:111122223333:parameter/promoter/pause",
        "DataType": "text",
    }
    assert client.get_parameter(Name=parameter["ARN"])["Parameter"]["Version"] == 2
    elsewhere = aws.client("ssm", "us-east-1")
    with pytest.raises(elsewhere.exceptions.ParameterNotFound) as error:
        elsewhere.get_parameter(Name="/promoter/pause")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error.value.response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({"Value": "x" * 4097, "Type": "String"}, "ValidationException"),
        ({"Value": "x"}, "ValidationException"),
        ({"Value": "x", "Type": "String", "Name": "no blanks"}, "ValidationException"),
        ({"Value": "x", "Type": "SecureString"}, "UnsupportedParameterType"),
    ],
)
def test_what_the_parameter_store_does_not_take(aws, fields, expected):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        aws.client("ssm").put_parameter(**{"Name": "/a", **fields})
    assert code(error) == expected


# SNS


def test_messages_are_kept_for_their_topic(aws):
    client = aws.client("sns")
    topic = client.create_topic(Name="alarms")["TopicArn"]
    assert topic == "arn:aws:sns:us-west-2:111122223333:alarms" == client.create_topic(Name="alarms")["TopicArn"]
    published = client.publish(
        TopicArn=topic,
        Subject="Promoted",
        Message="line one\nline <two> & more é",
        MessageAttributes={"event": {"DataType": "String", "StringValue": "promoted"}},
    )
    aws.client("sns", "us-east-1").publish(
        TopicArn="arn:aws:sns:us-east-1:111122223333:promotions", Message="elsewhere"
    )
    (message,) = aws.control("GET", f"messages?topic={topic}")
    assert message.pop("time")
    assert message == {
        "id": published["MessageId"],
        "topicARN": topic,
        "subject": "Promoted",
        "message": "line one\nline <two> & more é",
        "attributes": {"event": "promoted"},
    }
    assert [m["message"] for m in aws.control("GET", "messages?topic=promotions")] == ["elsewhere"]
    assert len(aws.control("GET", "messages")) == 2


@pytest.mark.parametrize(
    "fields, exception",
    [
        ({"TopicArn": "arn:aws:sns:us-west-2:111122223333:none"}, "NotFoundException"),
        ({"TopicArn": "arn:aws:sns:eu-west-1:111122223333:promotions"}, "InvalidParameterException"),
        ({"Subject": "x" * 101}, "InvalidParameterException"),
        ({"Subject": "→"}, "InvalidParameterException"),
        ({"Subject": "a\nb"}, "InvalidParameterException"),
        ({"Message": ""}, "InvalidParameterException"),
        ({"MessageAttributes": {"a": {"DataType": "String"}}}, "InvalidParameterValueException"),
    ],
)
def test_what_sns_does_not_take(aws, fields, exception):
    client = aws.client("sns")
    with pytest.raises(getattr(client.exceptions, exception)):
        client.publish(**{"TopicArn": "arn:aws:sns:us-west-2:111122223333:promotions", "Message": "x", **fields})
    assert aws.control("GET", "messages") == []


# CloudWatch


@pytest.fixture(params=["json", "query"])
def cloudwatch(aws, request):
    return lambda region="us-west-2": aws.client("cloudwatch", region, protocol=request.param)


LAG = {"Namespace": "AWS/ElastiCache", "MetricName": "GlobalDatastoreReplicationLag"}
NODE = [{"Name": "CacheClusterId", "Value": "sessions-usw2-001"}, {"Name": "CacheNodeId", "Value": "0001"}]


def data(client, metric, minutes=5, statistic="Maximum", **more):
    now = datetime.datetime.now(datetime.timezone.utc)
    query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}}
    (result,) = client.get_metric_data(
        MetricDataQueries=[query],
        StartTime=now - datetime.timedelta(minutes=minutes),
        EndTime=now + datetime.timedelta(minutes=1),
        **more,
    )["MetricDataResults"]
    assert (result["Id"], result["StatusCode"]) == ("m", "Complete")
    assert len(result["Timestamps"]) == len(result["Values"])
    return result


def test_the_lag_is_found_in_the_secondarys_region(aws, cloudwatch):
    assert cloudwatch().list_metrics(**LAG)["Metrics"] == [{**LAG, "Dimensions": NODE}]
    assert cloudwatch().list_metrics(Dimensions=[{"Name": "CacheNodeId"}])["Metrics"]
    assert cloudwatch("us-east-1").list_metrics(**LAG)["Metrics"] == []
    metric = {**LAG, "Dimensions": NODE}
    result = data(cloudwatch(), metric)
    assert result["Values"] == [0.2] * 5 and result["Label"] == LAG["MetricName"]
    assert result["Timestamps"] == sorted(result["Timestamps"], reverse=True)
    oldest_first = data(cloudwatch(), metric, ScanBy="TimestampAscending")["Timestamps"]
    assert oldest_first == sorted(oldest_first) and all(time.second == 0 for time in oldest_first)
    aws.control("POST", f"datastores/{DATASTORE}/lag", {"seconds": 30})
    assert data(cloudwatch(), metric, minutes=1)["Values"] == [30]
    aws.control("POST", f"datastores/{DATASTORE}/lag", {"seconds": None})
    assert data(cloudwatch(), metric)["Values"] == []


def test_the_lag_falls_silent_when_the_primary_is_lost(aws, cloudwatch):
    metric = {**LAG, "Dimensions": NODE}
    aws.control("POST", "health", {"region": "us-east-1", "healthy": False})
    aws.advance(300)
    assert data(cloudwatch(), metric, minutes=2)["Values"] == []
    aws.control("POST", "health", {"region": "us-east-1", "healthy": True})
    assert data(cloudwatch(), metric, minutes=2)["Values"] == [0.2] * 2


def test_what_was_put_is_got(aws, cloudwatch):
    client = cloudwatch()
    metric = {"MetricName": "Ready", "Dimensions": [{"Name": "Watch", "Value": "sessions"}]}
    now = datetime.datetime.now(datetime.timezone.utc)
    client.put_metric_data(
        Namespace="promoter",
        MetricData=[
            {**metric, "Value": 1.5, "Unit": "Count", "Timestamp": now},
            {**metric, "Values": [2.5, 3.5], "Counts": [2, 1], "Timestamp": now},
            {
                **metric,
                "StatisticValues": {"SampleCount": 4, "Sum": 40, "Minimum": 1, "Maximum": 20},
                "Timestamp": now,
            },
        ],
    )
    for statistic, expected in [("Sum", 50), ("SampleCount", 8), ("Minimum", 1), ("Maximum", 20), ("Average", 6.25)]:
        assert data(client, {"Namespace": "promoter", **metric}, statistic=statistic)["Values"] == [expected]
    assert client.list_metrics(Namespace="promoter")["Metrics"] == [{"Namespace": "promoter", **metric}]
    assert data(cloudwatch("us-east-1"), {"Namespace": "promoter", **metric})["Values"] == []


def test_cloudwatch_refuses_by_the_models_exceptions_in_both_protocols(aws, cloudwatch):
    client = cloudwatch()
    with pytest.raises(client.exceptions.InvalidParameterValueException) as error:
        client.put_metric_data(Namespace="AWS/Lambda", MetricData=[])
    assert code(error) == "InvalidParameterValue"
    aws.fault("error", service="monitoring", status=400, code="Throttling", message="Rate exceeded", times=1)
    with pytest.raises(botocore.exceptions.ClientError) as error:
        client.list_metrics()
    assert code(error) == "Throttling" and error.value.response["Error"]["Message"] == "Rate exceeded"


# IAM, and what Lambda and EventBridge tell of functions


def test_the_simulator_denies_what_it_is_told_to(aws):
    aws.control("POST", "permissions", {"denied": ["sns:Publish"]})
    client = aws.client("iam", "us-east-1")
    pages = client.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn="arn:aws:iam::111122223333:role/promoter-role",
        ActionNames=["elasticache:FailoverGlobalReplicationGroup", "sns:Publish"],
        ResourceArns=["arn:aws:sns:us-west-2:111122223333:promotions"],
    )
    results = [result for page in pages for result in page["EvaluationResults"]]
    assert [(r["EvalActionName"], r["EvalDecision"]) for r in results] == [
        ("elasticache:FailoverGlobalReplicationGroup", "allowed"),
        ("sns:Publish", "implicitDeny"),
    ]
    with pytest.raises(client.exceptions.InvalidInputException):
        client.simulate_principal_policy(
            PolicySourceArn="arn:aws:sts::111122223333:assumed-role/promoter-role/x", ActionNames=["sns:Publish"]
        )


def test_functions_and_their_rules_are_told_of():
    local = LocalAWS("--function", "promoter=us-west-2:0")
    try:
        settings = {"timeout": 10, "environment": {"DNS_NAME": "app.example.com"}, "reservedConcurrency": 1}
        local.control("POST", "functions/promoter", {**settings, "schedule": "rate(5 minutes)"})
        client = local.client("lambda")
        arn = "arn:aws:lambda:us-west-2:111122223333:function:promoter"
        for name in ["promoter", arn]:
            told = client.get_function_configuration(FunctionName=name)
            assert (told["FunctionArn"], told["Timeout"], told["MemorySize"]) == (arn, 10, 128)
            assert told["Environment"] == {"Variables": {"DNS_NAME": "app.example.com"}}
            assert client.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 1
        for call in (client.get_function_configuration, client.get_function_concurrency):
            with pytest.raises(client.exceptions.ResourceNotFoundException) as error:
                call(FunctionName="none")
            assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        rules = local.client("events")
        assert rules.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == ["promoter"]
        rule = rules.describe_rule(Name="promoter")
        assert (rule["ScheduleExpression"], rule["State"]) == ("rate(5 minutes)", "ENABLED")
        local.control("POST", "functions/promoter", {"schedule": "", "reservedConcurrency": -1})
        assert rules.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == []
        assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName="promoter")
        with pytest.raises(rules.exceptions.ResourceNotFoundException):
            rules.describe_rule(Name="promoter")
    finally:
        local.stop()


# Route 53


def change(client, action, *sets):
    batch = {"Comment": "a test", "Changes": [{"Action": action, "ResourceRecordSet": s} for s in sets]}
    return client.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch=batch)["ChangeInfo"]


def address(name, value="10.9.9.9"):
    return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}


def test_the_failover_record_is_listed_as_its_two_sets(aws):
    client = aws.client("route53")
    page = client.list_resource_record_sets(HostedZoneId=ZONE, StartRecordName="app.example.com")
    sets = [s for s in page["ResourceRecordSets"] if s["Name"] == NAME]
    assert [(s["SetIdentifier"], s["Failover"]) for s in sets] == [
        ("app-us-east-1", "PRIMARY"),
        ("app-us-west-2", "SECONDARY"),
    ]
    assert sets[0]["AliasTarget"]["DNSName"] == "app-1234567890.us-east-1.elb.amazonaws.com."
    assert page["IsTruncated"] is False and page["MaxItems"] == "300"


def test_zones_are_listed_and_got(aws):
    client = aws.client("route53")
    pages = client.get_paginator("list_hosted_zones").paginate()
    assert [zone["Id"] for page in pages for zone in page["HostedZones"]] == [f"/hostedzone/{ZONE}"]
    answer = client.get_hosted_zone(Id=f"/hostedzone/{ZONE}")
    assert answer["HostedZone"]["Name"] == "example.com." and answer["HostedZone"]["ResourceRecordSetCount"] == 4
    assert len(answer["DelegationSet"]["NameServers"]) == 4
    with pytest.raises(client.exceptions.NoSuchHostedZone):
        client.get_hosted_zone(Id="ZNONE")


def test_five_thousand_records_page_in_order(aws):
    client = aws.client("route53")
    for start in range(0, 5000, 1000):
        change(client, "CREATE", *(address(f"r{n:04}.example.com") for n in range(start, start + 1000)))
    pages = list(client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=ZONE))
    names = [s["Name"] for page in pages for s in page["ResourceRecordSets"]]
    assert len(pages) == 17 and len(names) == 5004 and len(set(names)) == 5002
    numbered = [name for name in names if name.startswith("r")]
    assert numbered == [f"r{n:04}.example.com." for n in range(5000)]
    # A page that ends between the two sets of one name goes on with the identifier.
    first = client.list_resource_record_sets(HostedZoneId=ZONE, StartRecordName=NAME, MaxItems="1")
    assert (first["NextRecordName"], first["NextRecordType"], first["NextRecordIdentifier"]) == (NAME, "A", "app-us-west-2")
    # The cost of a read that starts at the name does not grow with the zone.
    few = client.list_resource_record_sets(
        HostedZoneId=ZONE, StartRecordName="r4998.example.com", StartRecordType="A", MaxItems="3"
    )
    assert [s["Name"] for s in few["ResourceRecordSets"]] == ["r4998.example.com.", "r4999.example.com."]


def test_type_without_name_is_invalid_input(aws):
    client = aws.client("route53")
    with pytest.raises(client.exceptions.InvalidInput):
        client.list_resource_record_sets(HostedZoneId=ZONE, StartRecordType="A")


def test_a_wildcard_comes_back_with_its_octal_escape(aws):
    client = aws.client("route53")
    change(client, "CREATE", address("*.example.com"))
    page = client.list_resource_record_sets(HostedZoneId=ZONE, StartRecordName="*.example.com", MaxItems="1")
    assert page["ResourceRecordSets"][0]["Name"] == "\\052.example.com."


def test_a_change_is_pending_until_it_has_spread(aws):
    client = aws.client("route53")
    info = change(client, "UPSERT", address("new.example.com"))
    assert info["Status"] == "PENDING" and info["Comment"] == "a test"
    assert abs(info["SubmittedAt"] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(hours=1)
    assert client.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "PENDING"
    aws.advance(30)
    assert client.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    with pytest.raises(client.exceptions.NoSuchChange):
        client.get_change(Id="CNONE")


def test_a_bad_change_batch_changes_nothing(aws):
    client = aws.client("route53")
    with pytest.raises(client.exceptions.InvalidChangeBatch) as error:
        change(client, "CREATE", address("good.example.com"), address("elsewhere.example.net"))
    assert "not permitted in zone" in str(error.value)
    with pytest.raises(client.exceptions.InvalidChangeBatch):
        change(client, "DELETE", address("good.example.com"))
    change(client, "CREATE", address("good.example.com"))
    with pytest.raises(client.exceptions.InvalidChangeBatch):
        change(client, "DELETE", address("good.example.com", "10.0.0.1"))
    change(client, "DELETE", address("good.example.com"))


def test_route_53_takes_signatures_of_its_own_region_only(aws):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        aws.client("route53", "eu-west-1").list_hosted_zones()
    assert code(error) == "SignatureDoesNotMatch" and "us-east-1" in str(error.value)


# Signatures and STS


@pytest.mark.parametrize(
    "service, call",
    [
        ("elasticache", lambda c: c.describe_global_replication_groups()),
        ("route53", lambda c: c.list_resource_record_sets(HostedZoneId=ZONE)),
        ("sts", lambda c: c.get_caller_identity()),
    ],
)
@pytest.mark.parametrize(
    "credentials, expected",
    [
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"key": "AKIAUNKNOWNUNKNOWN00"}, "InvalidClientTokenId"),
        ({"token": "not-issued"}, "InvalidClientTokenId"),
    ],
)
def test_wrong_credentials_are_refused_by_every_service(aws, service, call, credentials, expected):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(aws.client(service, **credentials))
    assert code(error) == expected
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert error.value.response["ResponseMetadata"]["RequestId"]


@pytest.mark.parametrize(
    "service, call",
    [
        ("ssm", lambda c: c.get_parameter(Name="x")),
        ("events", lambda c: c.describe_rule(Name="x")),
        ("lambda", lambda c: c.get_function_configuration(FunctionName="x")),
    ],
)
@pytest.mark.parametrize(
    "credentials, expected",
    [
        ({"secret": "wrong"}, "InvalidSignatureException"),
        ({"key": "AKIAUNKNOWNUNKNOWN00"}, "UnrecognizedClientException"),
    ],
)
def test_services_that_speak_json_have_other_codes_for_that(aws, service, call, credentials, expected):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(aws.client(service, **credentials))
    assert code(error) == expected


def test_one_variable_leads_every_service_here(aws):
    environment = {
        name: value for name, value in aws.environment.items() if name.startswith("AWS_")
    } | {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    script = "import boto3, sys; print(*(boto3.client(s).meta.endpoint_url for s in sys.argv[1:]))"
    services = ["cloudwatch", "elasticache", "events", "iam", "lambda", "rds", "route53", "secretsmanager"]
    services += ["sns", "ssm", "sts"]
    found = subprocess.run(
        [sys.executable, "-c", script, *services], env=environment, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.split() == [aws.endpoint] * len(services), found.stderr


def test_an_unsigned_request_lacks_its_token(aws):
    client = boto3.client(
        "sts", region_name="us-east-1", endpoint_url=aws.endpoint, config=Config(signature_version=botocore.UNSIGNED)
    )
    with pytest.raises(botocore.exceptions.ClientError) as error:
        client.get_caller_identity()
    assert code(error) == "MissingAuthenticationToken"


def test_an_assumed_role_is_somebody_and_may_ask(aws):
    answer = aws.client("sts").assume_role(
        RoleArn="arn:aws:iam::111122223333:role/operators/promoter", RoleSessionName="contract", DurationSeconds=900
    )
    keys = answer["Credentials"]
    left = keys["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=14) < left < datetime.timedelta(minutes=16)
    assumed = dict(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"])
    identity = aws.client("sts", **assumed).get_caller_identity()
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"]
    assert identity["Account"] == "111122223333"
    assert members(aws.client("elasticache", **assumed))["us-east-1"] == "PRIMARY"


def test_assume_role_checks_its_parameters(aws):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        aws.client("sts").assume_role(RoleArn="arn:aws:iam::111122223333:user/me-instead", RoleSessionName="contract")
    assert code(error) == "ValidationError"


# Faults


def test_an_injected_error_has_the_services_own_form(aws):
    for service, call in [
        ("elasticache", lambda c: c.describe_global_replication_groups()),
        ("route53", lambda c: c.list_hosted_zones()),
    ]:
        aws.fault("error", service=service, status=400, code="Throttling", message="Rate exceeded", times=1)
        with pytest.raises(botocore.exceptions.ClientError) as error:
            call(aws.client(service))
        assert code(error) == "Throttling" and error.value.response["Error"]["Message"] == "Rate exceeded"
        call(aws.client(service))


def test_botocores_retries_get_over_a_passing_fault(aws):
    aws.fault("error", status=503, code="ServiceUnavailable", times=1)
    client = boto3.client(
        "elasticache",
        region_name="us-west-2",
        endpoint_url=aws.endpoint,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
    )
    assert client.describe_global_replication_groups()["ResponseMetadata"]["RetryAttempts"] == 1
    assert [r["status"] for r in aws.control("GET", "requests")] == [503, 200]


def test_a_lost_answer_leaves_the_work_done(aws):
    aws.fault("dropAfterwards", operation="FailoverGlobalReplicationGroup", times=1)
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        aws.client("elasticache").failover_global_replication_group(
            GlobalReplicationGroupId=DATASTORE, PrimaryRegion="us-west-2", PrimaryReplicationGroupId="sessions-usw2"
        )
    assert aws.control("GET", "state")["datastores"][0]["status"] == "modifying"


def test_a_region_that_is_down_times_out_and_the_other_answers(aws):
    aws.control("POST", "regions/us-west-2/down")
    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        aws.client("elasticache", "us-west-2", read_timeout=0.3).describe_global_replication_groups()
    assert members(aws.client("elasticache", "us-east-1"))
    aws.control("POST", "regions/us-west-2/up")
    assert members(aws.client("elasticache", "us-west-2"))


# DNS


RESOLVER = """
import socket, sys
for line in sys.stdin:
    try:
        found = socket.getaddrinfo(line.strip(), 443, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
        print(found[0][3], *sorted({item[4][0] for item in found}), flush=True)
    except socket.gaierror as error:
        print("none" if error.errno == socket.EAI_NONAME else error, flush=True)
"""


class Resolver:
    """One process that lives on while the answers change."""

    def __init__(self, aws):
        self.process = subprocess.Popen(
            [sys.executable, "-c", RESOLVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **aws.environment},
        )

    def __call__(self, name):
        print(name, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().split()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


@pytest.fixture
def resolve(aws):
    resolver = Resolver(aws)
    yield resolver
    resolver.stop()


EAST, WEST = [["10.1.%d.%d" % (net, host) for host in (10, 11, 12)] for net in (1, 2)]


def test_a_running_process_sees_each_change_at_its_next_look_up(aws, resolve):
    assert resolve("app.example.com") == ["app.example.com", *EAST]
    # Many changes within one second: the library looks at more than modification times.
    for _ in range(20):
        aws.control("POST", "health", {"region": "us-east-1", "healthy": False})
        assert resolve("app.example.com") == ["app.example.com", *WEST]
        aws.control("POST", "health", {"region": "us-east-1", "healthy": True})
        assert resolve("app.example.com") == ["app.example.com", *EAST]
    aws.control("POST", "resolution", {"name": "app.example.com", "mode": "notFound"})
    assert resolve("app.example.com") == ["none"]
    aws.control("POST", "resolution", {"name": "app.example.com", "mode": "records"})
    assert resolve("app.example.com") == ["app.example.com", *EAST]


def test_targets_resolve_by_their_own_names_too(aws, resolve):
    assert resolve("app-2345678901.us-west-2.elb.amazonaws.com")[1:] == WEST
    assert resolve("nowhere.example.com") == ["none"]


def test_a_cname_shows_its_target(aws, resolve):
    target = "app-2345678901.us-west-2.elb.amazonaws.com"
    cname = {"Name": "c.example.com", "Type": "CNAME", "TTL": 5, "ResourceRecords": [{"Value": target}]}
    change(aws.client("route53"), "CREATE", cname)
    assert resolve("c.example.com") == [target, *WEST]


# The command line


def run(*arguments):
    return subprocess.run([PRODUCTS / "local-aws", *arguments], capture_output=True, text=True, timeout=20)


def test_the_commands_reach_the_running_emulator(aws):
    at = ["--endpoint", aws.endpoint]
    as_json = ["--output", "json", *at]
    failed = json.loads(run("fail", "us-east-1", "--services", *as_json).stdout)
    assert failed["unhealthyRegions"] == ["us-east-1"] and failed["regionsDown"] == ["us-east-1"]
    app = next(name for name in failed["names"] if name["name"] == "app.example.com")
    assert app["region"] == "us-west-2"
    healed = json.loads(run("heal", "us-east-1", *as_json).stdout)
    assert healed["unhealthyRegions"] == [] and healed["regionsDown"] == []
    assert json.loads(run("state", *at).stdout) == healed
    exports = run("environment", "--region", "eu-west-1", *at).stdout
    assert "export AWS_REGION='eu-west-1'" in exports and "export DNS_NAME='app.example.com'" in exports
    inside = run("run", "--region", "eu-west-1", *at, "--", "sh", "-c", "echo $AWS_REGION $DNS_NAME; exit 3")
    assert (inside.stdout, inside.returncode) == ("eu-west-1 app.example.com\n", 3)
    assert json.loads(run("requests", *at).stdout) == []
    assert json.loads(run("advance", "5", *at).stdout)["clock"] == "manual"


def test_a_reader_gets_one_line_that_says_what_changed(aws):
    at = ["--endpoint", aws.endpoint]
    for command, facts in [
        (("fail", "us-east-1"), ["us-east-1", "app.example.com", "us-west-2"]),
        (("heal", "us-east-1"), ["us-east-1", "app.example.com"]),
        (("failovers", DATASTORE, "stall"), [DATASTORE, "stall", "available"]),
        (("lag", DATASTORE, "0.5"), [DATASTORE, "0.5"]),
        (("lag", DATASTORE, "none"), [DATASTORE]),
    ]:
        done = run(*command, *at)
        assert done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr
        assert all(fact in done.stdout for fact in facts)
    state = json.loads(run("state", *at).stdout)["datastores"][0]
    assert state["failoverBehavior"] == "stall" and "lag" not in state
    for wrong in [("failovers", DATASTORE, "explode"), ("failovers", "none", "stall"), ("lag", DATASTORE, "-1")]:
        assert run(*wrong, *at).returncode != 0


def test_messages_are_shown_for_a_terminal(aws):
    at = ["--endpoint", aws.endpoint]
    assert run("messages", *at).returncode == 0
    topic = "arn:aws:sns:us-west-2:111122223333:promotions"
    aws.client("sns").publish(TopicArn=topic, Subject="Promoted", Message="one\ntwo \x1b[2J")
    shown = run("messages", "--topic", "promotions", *at).stdout
    assert "Promoted" in shown and "promotions in us-west-2" in shown and "  one\n  two" in shown
    assert "\x1b" not in shown
    assert json.loads(run("messages", "--output", "json", *at).stdout)[0]["topicARN"] == topic
    assert run("messages", "--topic", "none", *at).returncode != 0


def test_a_taken_port_and_an_absent_emulator_are_said_plainly(aws):
    port = aws.endpoint.rsplit(":", 1)[1]
    second = run("serve", "--port", port)
    assert second.returncode != 0 and f"Port {port}" in second.stderr and "taken" in second.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        absent = run("state", "--endpoint", "http://127.0.0.1:%d" % free.getsockname()[1])
    assert absent.returncode != 0 and "Nothing answers" in absent.stderr


def test_the_control_api_explains_itself_and_its_refusals(aws):
    with urllib.request.urlopen(f"{aws.endpoint}/_local/") as answer:
        assert "POST   /_local/faults" in answer.read().decode()
    for method, path, form in [
        ("GET", "nothing", None),
        ("POST", "faults", {"effect": "earthquake"}),
        ("POST", "faults", {"effect": "drop", "service": "cloudwatch"}),
        ("POST", f"datastores/{DATASTORE}/failovers", {"behavior": "explode"}),
        ("POST", f"datastores/{DATASTORE}/lag", {"seconds": -1}),
        ("POST", "datastores/none/lag", {"seconds": 1}),
        ("POST", "topics", {"name": "no blanks", "region": "us-west-2"}),
        ("GET", "messages?topic=none", None),
        ("POST", "functions/none", {}),
        ("POST", "health", {"healthy": True}),
        ("POST", "functions/none/invocations", {}),
    ]:
        with pytest.raises(urllib.error.HTTPError) as error:
            aws.control(method, path, form)
        assert error.value.code in (400, 404) and json.load(error.value)["error"]


# Lambda


def test_an_event_goes_through_the_runtime_api_and_back():
    local = LocalAWS("--function", "promoter=us-west-2:0", "--three-regions")
    try:
        function = local.control("GET", "state")["functions"][0]
        runtime = f"http://{function['runtimeAPI']}/2018-06-01/runtime"
        invoker = subprocess.Popen(
            [PRODUCTS / "local-aws", "invoke", "promoter", '{"hello": 1}', "--endpoint", local.endpoint],
            stdout=subprocess.PIPE,
            text=True,
        )
        with urllib.request.urlopen(f"{runtime}/invocation/next", timeout=10) as event:
            assert json.load(event) == {"hello": 1}
            headers = event.headers
        assert float(headers["Lambda-Runtime-Deadline-Ms"]) / 1000 > time.time()
        answer = urllib.request.Request(
            f"{runtime}/invocation/{headers['Lambda-Runtime-Aws-Request-Id']}/response",
            data=b'{"done": true}',
            headers={"Lambda-Runtime-Invocation-Id": headers["Lambda-Runtime-Invocation-Id"]},
        )
        assert urllib.request.urlopen(answer, timeout=10).status == 202
        outcome = json.loads(invoker.communicate(timeout=10)[0])
        assert outcome == {"outcome": "response", "payload": '{"done": true}'}
    finally:
        local.stop()
