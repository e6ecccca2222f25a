"""Applies the example endpoint-records to moto's AWS, which nobody here wrote, and reads it back with boto3.

What moto does not enforce is worked out here: which changes of which records the role's policy lets through.
"""

import json
import shutil
from fnmatch import fnmatchcase

import boto3
import pytest
from moto.awslambda.models import LambdaBackend
from moto.server import ThreadedMotoServer
from terraform import Terraform

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")

ACCOUNT = "123456789012"  # moto's
REGIONS = {"us-east-1": "use1", "us-west-2": "usw2"}
NAME = "promoter-endpoints"


@pytest.fixture(scope="module")
def deliveries():
    """What moto's SNS hands to functions: name and message."""
    return []


@pytest.fixture(scope="module")
def endpoint(deliveries):
    patch = pytest.MonkeyPatch()
    patch.setattr(LambdaBackend, "send_sns_message", lambda _, name, message, **others: deliveries.append((name, message)))
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
    patch.undo()


def client(endpoint, service, region):
    return boto3.client(
        service, region_name=region, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )


@pytest.fixture(scope="module")
def zone(endpoint):
    made = client(endpoint, "route53", "us-east-1").create_hosted_zone(Name="example.internal", CallerReference="1")
    return made["HostedZone"]["Id"].removeprefix("/hostedzone/")


def members(**others):
    """The variable `regions`, of which others may say more: region → settings."""
    return {
        region: {
            "replication_group_id": f"sessions-{short}",
            "record_name": f"read.{short}.example.internal",
            "alarm_actions": [f"arn:aws:sns:{region}:{ACCOUNT}:alerts"],
            **others.get(region, {}),
        }
        for region, short in REGIONS.items()
    }


@pytest.fixture(scope="module")
def example(endpoint, zone, tmp_path_factory):
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", "examples/endpoint-records", endpoint)
    (terraform.folder / "package.zip").write_bytes(b"not looked into")
    terraform.environment.update(
        TF_VAR_primary_region="us-east-1",
        TF_VAR_secondary_region="us-west-2",
        TF_VAR_regions=json.dumps(members()),
        TF_VAR_global_datastore_id="ldgnf-sessions",
        TF_VAR_hosted_zone_id=zone,
        TF_VAR_primary_record_name="redis.example.internal",
        TF_VAR_package_file="package.zip",
    )
    terraform.init()
    terraform("apply", "-no-color", "-auto-approve")
    return terraform


@pytest.fixture(scope="module")
def made(example, endpoint):
    """The client of a service in a region, after the apply."""
    return lambda service, region: client(endpoint, service, region)


def topic(region, name=NAME):
    return f"arn:aws:sns:{region}:{ACCOUNT}:{name}"


@pytest.mark.parametrize("region", REGIONS)
def test_the_function_is_told_its_own_cluster(made, zone, region):
    client = made("lambda", region)
    function = client.get_function_configuration(FunctionName=NAME)
    assert {name: function[name] for name in ["Runtime", "Handler", "Timeout", "MemorySize", "Architectures", "Role"]} == {
        "Runtime": "provided.al2023",
        "Handler": "endpoints",
        "Timeout": 120,
        "MemorySize": 128,
        "Architectures": ["x86_64"],
        "Role": f"arn:aws:iam::{ACCOUNT}:role/{NAME}-{region}",
    }
    assert function["Environment"]["Variables"] == {
        "HOSTED_ZONE_ID": zone,
        "REPLICATION_GROUP_ID": f"sessions-{REGIONS[region]}",
        "RECORD_NAME": f"read.{REGIONS[region]}.example.internal",
        "PRIMARY_RECORD_NAME": "redis.example.internal",
        "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
        "RECORD_TTL_SECONDS": "10",
        "WHEN_NO_REPLICAS": "keep",
        "WAIT_FOR_SYNC": "true",
        "DRY_RUN": "false",
    }
    assert client.get_function_concurrency(FunctionName=NAME)["ReservedConcurrentExecutions"] == 2
    invocations = client.get_function_event_invoke_config(FunctionName=NAME)
    assert (invocations["MaximumRetryAttempts"], invocations["MaximumEventAgeInSeconds"]) == (0, 60)


@pytest.mark.parametrize("region", REGIONS)
def test_elasticache_may_publish_to_the_topic_on_behalf_of_this_account(made, example, region):
    assert json.loads(example("output", "-json", "topic_arns").stdout)[region] == topic(region)
    attributes = made("sns", region).get_topic_attributes(TopicArn=topic(region))["Attributes"]
    assert "KmsMasterKeyId" not in attributes
    (statement,) = json.loads(attributes["Policy"])["Statement"]
    assert {name: statement[name] for name in ["Effect", "Principal", "Action", "Resource", "Condition"]} == {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sns:Publish",
        "Resource": topic(region),
        "Condition": {"StringEquals": {"aws:SourceOwner": ACCOUNT}},
    }


@pytest.mark.parametrize("region", REGIONS)
def test_what_the_cluster_tells_reaches_the_function(made, deliveries, region):
    (subscription,) = made("sns", region).list_subscriptions_by_topic(TopicArn=topic(region))["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("lambda", f"arn:aws:lambda:{region}:{ACCOUNT}:function:{NAME}")
    message = json.dumps({"ElastiCache:FailoverComplete": f"sessions-{REGIONS[region]}-001"})
    deliveries.clear()
    made("sns", region).publish(TopicArn=topic(region), Message=message)
    assert deliveries == [(NAME, message)]


@pytest.mark.parametrize("region", REGIONS)
def test_the_topic_and_the_schedule_may_start_it_and_nobody_else(made, region):
    rule = made("events", region).describe_rule(Name=NAME)
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    (target,) = made("events", region).list_targets_by_rule(Rule=NAME)["Targets"]
    assert target["Arn"] == f"arn:aws:lambda:{region}:{ACCOUNT}:function:{NAME}"
    assert json.loads(target["Input"]) == {"source": "schedule"}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    statements = json.loads(made("lambda", region).get_policy(FunctionName=NAME)["Policy"])["Statement"]
    assert {statement["Sid"]: (statement["Principal"], statement["Action"], statement["Condition"]) for statement in statements} == {
        "schedule": ({"Service": "events.amazonaws.com"}, "lambda:InvokeFunction", {"ArnLike": {"AWS:SourceArn": rule["Arn"]}}),
        "topic": ({"Service": "sns.amazonaws.com"}, "lambda:InvokeFunction", {"ArnLike": {"AWS:SourceArn": topic(region)}}),
    }


# --- What the role may do ------------------------------------------------------------------------------------------


def as_list(value):
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def statements(made):
    """Region → the statements of all that the role may do, by their names."""

    def read(region):
        iam, role = made("iam", region), f"{NAME}-{region}"
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        assert iam.list_role_policies(RoleName=role)["PolicyNames"] == [NAME]
        policy = iam.get_role_policy(RoleName=role, PolicyName=NAME)["PolicyDocument"]
        assert all(statement["Effect"] == "Allow" for statement in policy["Statement"])
        return {statement["Sid"]: statement for statement in policy["Statement"]}

    return {region: read(region) for region in REGIONS}


@pytest.mark.parametrize("region", REGIONS)
def test_the_role_may_follow_its_own_cluster_and_no_more(statements, zone, region):
    allowed = {sid: (set(as_list(s["Action"])), s["Resource"]) for sid, s in statements[region].items()}
    assert allowed == {
        "WriteLogs": ({"logs:CreateLogStream", "logs:PutLogEvents"}, f"arn:aws:logs:{region}:{ACCOUNT}:log-group:/aws/lambda/{NAME}:*"),
        "ReadRecords": ({"route53:GetHostedZone", "route53:ListResourceRecordSets"}, f"arn:aws:route53:::hostedzone/{zone}"),
        "ChangeRecords": ({"route53:ChangeResourceRecordSets"}, f"arn:aws:route53:::hostedzone/{zone}"),
        "FollowChanges": ({"route53:GetChange"}, "arn:aws:route53:::change/*"),
        "ReadCluster": (
            {"elasticache:DescribeReplicationGroups"},
            f"arn:aws:elasticache:{region}:{ACCOUNT}:replicationgroup:sessions-{REGIONS[region]}",
        ),
        "ReadDatastore": (
            {"elasticache:DescribeGlobalReplicationGroups"},
            f"arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:ldgnf-sessions",
        ),
    }
    assert [sid for sid, statement in statements[region].items() if "Condition" in statement] == ["ChangeRecords"]


def lets_through(statement, changes):
    """Whether the conditions hold for a batch: a list of action, type and name. IAM is given each of the three as a list."""
    given = {
        "route53:ChangeResourceRecordSetsActions": [action for action, _, _ in changes],
        "route53:ChangeResourceRecordSetsRecordTypes": [kind for _, kind, _ in changes],
        # Normalized: in lower case, without the final dot.
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name.lower().removesuffix(".") for _, _, name in changes],
    }
    compare = {"ForAllValues:StringEquals": lambda value, wanted: value == wanted, "ForAllValues:StringLike": fnmatchcase}
    asked = {key for keys in statement["Condition"].values() for key in keys}
    assert asked == set(given), "a part of the change is not looked at"
    return all(
        any(compare[operator](value, wanted) for wanted in as_list(accepted))
        for operator, keys in statement["Condition"].items()
        for key, accepted in keys.items()
        for value in given[key]
    )


def replacement(name):
    return [("DELETE", "CNAME", name), ("CREATE", "CNAME", name)]


LET_THROUGH = {
    "the_first_replica": replacement("read1.{short}.example.internal."),
    "the_ninetieth": replacement("read90.{short}.example.internal."),
    "five_hundred_at_once": [change for n in range(1, 501) for change in replacement(f"read{n}.{{short}}.example.internal.")],
    "a_name_in_capitals": replacement("READ1.{short}.Example.internal."),
    "the_primary": replacement("redis.example.internal."),
    "the_primary_and_a_replica": replacement("redis.example.internal.") + replacement("read1.{short}.example.internal."),
}
HELD_BACK = {
    "a_name_that_only_begins_alike": replacement("reader.{short}.example.internal."),
    "a_number_that_is_none": replacement("read0.{short}.example.internal."),
    "the_name_without_a_number": replacement("read.{short}.example.internal."),
    "the_replicas_of_the_other_region": replacement("read1.{other}.example.internal."),
    "the_zone_itself": replacement("example.internal."),
    "somebody_elses_name": replacement("www.example.internal."),
    "somebody_elses_name_among_ours": replacement("read1.{short}.example.internal.") + replacement("www.example.internal."),
    "another_type": [("CREATE", "A", "redis.example.internal.")],
    "what_overwrites_whatever_is_there": [("UPSERT", "CNAME", "redis.example.internal.")],
}


def changes(case, region):
    other = next(short for name, short in REGIONS.items() if name != region)
    return [(action, kind, name.format(short=REGIONS[region], other=other)) for action, kind, name in case]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("case", LET_THROUGH)
def test_the_policy_lets_through(statements, region, case):
    assert lets_through(statements[region]["ChangeRecords"], changes(LET_THROUGH[case], region))


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("case", HELD_BACK)
def test_the_policy_holds_back(statements, region, case):
    assert not lets_through(statements[region]["ChangeRecords"], changes(HELD_BACK[case], region))


@pytest.mark.parametrize("region", REGIONS)
def test_log_and_alarms(made, region):
    groups = {g["logGroupName"]: g["retentionInDays"] for g in made("logs", region).describe_log_groups()["logGroups"]}
    assert groups == {f"/aws/lambda/{NAME}": 30}
    alarms = {alarm["AlarmName"]: alarm for alarm in made("cloudwatch", region).describe_alarms()["MetricAlarms"]}
    assert {name: (a["MetricName"], a["Threshold"], a["Period"], a["TreatMissingData"]) for name, a in alarms.items()} == {
        f"{NAME}-errors": ("Errors", 0, 60, "notBreaching"),
        f"{NAME}-missing": ("Invocations", 1, 60, "breaching"),
        f"{NAME}-throttles": ("Throttles", 0, 60, "notBreaching"),
        f"{NAME}-duration": ("Duration", 96000, 60, "notBreaching"),
    }
    for alarm in alarms.values():
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": NAME}]
        assert alarm["AlarmActions"] == alarm["OKActions"] == [f"arn:aws:sns:{region}:{ACCOUNT}:alerts"]


# --- Configurations of the user's own ------------------------------------------------------------------------------


# A topic whose ARN nobody knows before it is made; and a cluster that is told the module's topic, and tells the module its
# id, which must not go in circles.
SAME_CONFIGURATION = """
resource "aws_sns_topic" "notifications" {
  name = "notifications"
}

module "subscribes" {
  source               = "../../modules/endpoints"
  name                 = "subscribes"
  package_file         = "package.zip"
  hosted_zone_id       = "Z1"
  replication_group_id = "sessions"
  record_name          = "read.example.internal"
  topic_arn            = aws_sns_topic.notifications.arn
  create_topic         = false
}

module "publishes" {
  source               = "../../modules/endpoints"
  name                 = "publishes"
  package_file         = "package.zip"
  hosted_zone_id       = "Z1"
  replication_group_id = aws_elasticache_replication_group.sessions.replication_group_id
  record_name          = "read.example.internal"
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id   = "sessions"
  description            = "Sessions"
  node_type              = "cache.r7g.large"
  notification_topic_arn = module.publishes.topic_arn
}
"""


def test_the_topic_and_the_cluster_may_be_of_the_same_configuration(endpoint, tmp_path):
    terraform = Terraform(tmp_path / "copy", "examples/endpoint-records", endpoint)
    for file in terraform.folder.glob("*.tf"):
        file.unlink()
    terraform.environment["AWS_REGION"] = "us-east-1"
    (terraform.folder / "package.zip").write_bytes(b"not looked into")
    (terraform.folder / "main.tf").write_text(SAME_CONFIGURATION)
    terraform.init()
    planned = {change["address"]: change["change"] for change in terraform.plan()["resource_changes"]}
    assert [address for address in planned if "aws_sns_topic.this" in address] == ["module.publishes.aws_sns_topic.this[0]"]
    assert planned["module.subscribes.aws_sns_topic_subscription.this"]["after_unknown"]["topic_arn"]
    cluster = planned["aws_elasticache_replication_group.sessions"]["after"]
    assert cluster["notification_topic_arn"] == topic("us-east-1", "publishes")


# --- Changes; in this order ----------------------------------------------------------------------------------------


def test_a_second_plan_changes_nothing(example):
    changes = [c for c in example.plan()["resource_changes"] if c["mode"] == "managed"]
    assert len(changes) > 20
    for change in changes:
        if change["change"]["actions"] != ["no-op"]:
            # moto forgets how a function logs.
            assert change["type"] == "aws_lambda_function", change["address"]
            before, after = change["change"]["before"], change["change"]["after"]
            assert {name for name in after if name in before and before[name] != after[name]} <= {"logging_config"}, change["address"]


def test_a_topic_that_the_cluster_tells_already_takes_the_place_of_the_made_one(example, made, deliveries):
    region, others = "us-east-1", "us-west-2"
    sns = made("sns", region)
    policy = {"Version": "2012-10-17", "Statement": []}
    existing = sns.create_topic(Name="redis", Attributes={"Policy": json.dumps(policy)})["TopicArn"]
    example("apply", "-no-color", "-auto-approve", regions=members(**{region: {"topic_arn": existing}}))
    assert [t["TopicArn"] for t in sns.list_topics()["Topics"]] == [existing]
    assert json.loads(sns.get_topic_attributes(TopicArn=existing)["Attributes"]["Policy"]) == policy
    statements = json.loads(made("lambda", region).get_policy(FunctionName=NAME)["Policy"])["Statement"]
    assert existing in [statement["Condition"]["ArnLike"]["AWS:SourceArn"] for statement in statements]
    deliveries.clear()
    sns.publish(TopicArn=existing, Message="ElastiCache:ReplicationGroupPromotedAsPrimary : sessions-use1")
    assert [name for name, _ in deliveries] == [NAME]
    assert [t["TopicArn"] for t in made("sns", others).list_topics()["Topics"]] == [topic(others)]


def test_what_is_destroyed_leaves_the_records_the_zone_and_the_clusters_own_topic(example, made, zone):
    record = {"Name": "redis.example.internal", "Type": "CNAME", "TTL": 10, "ResourceRecords": [{"Value": "a.example.com"}]}
    route53 = made("route53", "us-east-1")
    route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )
    example("destroy", "-no-color", "-auto-approve", regions=members(**{"us-east-1": {"topic_arn": topic("us-east-1", "redis")}}))
    assert "redis.example.internal." in [r["Name"] for r in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]]
    assert [t["TopicArn"] for t in made("sns", "us-east-1").list_topics()["Topics"]] == [topic("us-east-1", "redis")]
    assert made("sns", "us-west-2").list_topics()["Topics"] == []
    for region in REGIONS:
        assert made("sns", region).list_subscriptions()["Subscriptions"] == []
        assert made("lambda", region).list_functions()["Functions"] == []
        assert made("events", region).list_rules()["Rules"] == []
        assert made("logs", region).describe_log_groups()["logGroups"] == []
        assert made("cloudwatch", region).describe_alarms()["MetricAlarms"] == []
        assert [r for r in made("iam", region).list_roles()["Roles"] if NAME in r["RoleName"]] == []
