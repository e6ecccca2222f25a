"""Applies the example health-record to moto's AWS, which nobody here wrote, and reads it back with boto3.

moto forgets the alarm of a health check. Here it is told to keep it, and to copy the alarm's settings when a check is
made, and when an update names the alarm, as Route 53 does: what Terraform has to do after a change can be seen then.
"""

import json
import shutil

import boto3
import pytest
from moto.cloudwatch.models import cloudwatch_backends
from moto.route53.models import HealthCheck
from moto.route53.responses import Route53
from moto.server import ThreadedMotoServer
from terraform import Terraform

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")

ACCOUNT = "123456789012"  # moto's
PRIMARY, SECONDARY = REGIONS = ["us-east-1", "us-west-2"]
HOSTS = {PRIMARY: "master.sessions-use1.abc123.use1.cache.amazonaws.com", SECONDARY: "master.sessions-usw2.def456.usw2.cache.amazonaws.com"}
GROUPS = {PRIMARY: "sessions-use1", SECONDARY: "sessions-usw2"}
SECRETS = {region: f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:probe-AbCdEf" for region in REGIONS}


def copy_alarm(check, identifier):
    alarm = cloudwatch_backends[ACCOUNT][identifier["Region"]].alarms[identifier["Name"]]
    check.alarm_identifier = identifier
    check.cloud_watch_alarm_configuration = {
        "EvaluationPeriods": alarm.evaluation_periods,
        "Threshold": alarm.threshold,
        "ComparisonOperator": alarm.comparison_operator,
        "Period": alarm.period,
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "Statistic": alarm.statistic,
        "Dimensions": [{"Name": d.name, "Value": d.value} for d in alarm.dimensions],
    }


@pytest.fixture(scope="module")
def endpoint():
    patch = pytest.MonkeyPatch()
    create, update, config = Route53.create_health_check, Route53.update_health_check, HealthCheck.health_check_config.fget

    def create_and_copy(self):
        known = set(self.backend.health_checks)
        answer = create(self)
        (made,) = set(self.backend.health_checks) - known
        check, wanted = self.backend.health_checks[made], self._get_param("HealthCheckConfig")
        check.insufficient_data_health_status = wanted.get("InsufficientDataHealthStatus")
        if "AlarmIdentifier" in wanted:
            copy_alarm(check, wanted["AlarmIdentifier"])
        return answer

    def update_and_copy(self):
        check = self.backend.health_checks[self._get_param("HealthCheckId")]
        if self._get_param("AlarmIdentifier"):
            copy_alarm(check, self._get_param("AlarmIdentifier"))
        return update(self)

    def config_with_alarm(self):
        if self.type_ != "CLOUDWATCH_METRIC":
            return config(self)
        # Neither a port nor an interval, which moto gives to every check.
        return {
            **{name: config(self)[name] for name in ["Type", "Inverted", "Disabled"]},
            "AlarmIdentifier": self.alarm_identifier,
            "InsufficientDataHealthStatus": self.insufficient_data_health_status,
        }

    patch.setattr(Route53, "create_health_check", create_and_copy)
    patch.setattr(Route53, "update_health_check", update_and_copy)
    patch.setattr(HealthCheck, "health_check_config", property(config_with_alarm))
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
    return client(endpoint, "route53", PRIMARY).create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]


@pytest.fixture(scope="module")
def example(endpoint, zone, tmp_path_factory):
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", "examples/health-record", endpoint)
    (terraform.folder / "package.zip").write_bytes(b"not looked into")
    regions = {
        region: {
            "replication_group_id": GROUPS[region],
            "redis_host": HOSTS[region],
            "subnet_ids": ["subnet-11111111", "subnet-22222222"],
            "security_group_ids": ["sg-11111111"],
            "redis_secret_arn": SECRETS[region],
            "alarm_actions": [f"arn:aws:sns:{region}:{ACCOUNT}:alerts"],
        }
        for region in REGIONS
    }
    terraform.environment.update(
        TF_VAR_primary_region=PRIMARY,
        TF_VAR_secondary_region=SECONDARY,
        TF_VAR_regions=json.dumps(regions),
        TF_VAR_global_datastore_id="ldgnf-sessions",
        TF_VAR_hosted_zone_id=zone.removeprefix("/hostedzone/"),
        TF_VAR_dns_name="redis.example.com",
        TF_VAR_package_file="package.zip",
    )
    terraform.init()
    terraform("apply", "-no-color", "-auto-approve")
    return terraform


@pytest.fixture(scope="module")
def made(example, endpoint):
    """The client of a service in a region, after the apply."""
    return lambda service, region: client(endpoint, service, region)


def alarms(made, region):
    return {alarm["AlarmName"]: alarm for alarm in made("cloudwatch", region).describe_alarms()["MetricAlarms"]}


def health_checks(made):
    """Region → its health check."""
    checks = made("route53", PRIMARY).list_health_checks()["HealthChecks"]
    return {check["HealthCheckConfig"]["AlarmIdentifier"]["Region"]: check for check in checks}


@pytest.mark.parametrize("region", REGIONS)
def test_the_probe_is_in_the_vpc_of_its_own_member(made, region):
    function = made("lambda", region).get_function_configuration(FunctionName="promoter-probe")
    assert {name: function[name] for name in ["Runtime", "Handler", "Timeout", "MemorySize", "Role"]} == {
        "Runtime": "provided.al2023",
        "Handler": "probe",
        "Timeout": 58,
        "MemorySize": 128,
        "Role": f"arn:aws:iam::{ACCOUNT}:role/promoter-probe-{region}",
    }
    assert set(function["VpcConfig"]["SubnetIds"]) == {"subnet-11111111", "subnet-22222222"}
    assert made("lambda", region).get_function_concurrency(FunctionName="promoter-probe")["ReservedConcurrentExecutions"] == 1
    assert function["Environment"]["Variables"] == {
        "REDIS_HOST": HOSTS[region],
        "REDIS_PORT": "6379",
        "REDIS_TLS": "true",
        "REDIS_SECRET_ARN": SECRETS[region],
        "PROBE_INTERVAL_SECONDS": "10",
        "CONNECT_TIMEOUT_SECONDS": "2",
        "READ_TIMEOUT_SECONDS": "2",
        "METRIC_NAMESPACE": "Custom/Redis",
        "METRIC_RESOLUTION": "standard",
        "FAILURES_TO_UNHEALTHY": "2",
        "SUCCESSES_TO_HEALTHY": "3",
        "WHEN_READ_ONLY": "unhealthy" if region == PRIMARY else "healthy",
    }


@pytest.mark.parametrize("region", REGIONS)
def test_the_schedule_may_start_it_and_nobody_else(made, region):
    rule = made("events", region).describe_rule(Name="promoter-probe")
    (target,) = made("events", region).list_targets_by_rule(Rule="promoter-probe")["Targets"]
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    assert target["Arn"] == f"arn:aws:lambda:{region}:{ACCOUNT}:function:promoter-probe"
    (statement,) = json.loads(made("lambda", region).get_policy(FunctionName="promoter-probe")["Policy"])["Statement"]
    assert (statement["Principal"], statement["Condition"]) == (
        {"Service": "events.amazonaws.com"},
        {"ArnLike": {"AWS:SourceArn": rule["Arn"]}},
    )


@pytest.mark.parametrize("region", REGIONS)
def test_the_role_may_probe_and_no_more(made, region):
    iam = made("iam", region)
    role = f"promoter-probe-{region}"
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["promoter-probe"]
    statements = iam.get_role_policy(RoleName=role, PolicyName="promoter-probe")["PolicyDocument"]["Statement"]
    publish = next(statement for statement in statements if statement["Action"] == "cloudwatch:PutMetricData")
    assert publish["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Custom/Redis"}}
    secret = next(statement for statement in statements if statement["Action"] == "secretsmanager:GetSecretValue")
    assert secret["Resource"] == SECRETS[region]
    assert {statement["Sid"] for statement in statements if statement["Effect"] == "Allow"} == {
        "WriteLogs", "PublishHealth", "ReadSecret", "AttachToVPC",
    }  # fmt: skip


@pytest.mark.parametrize("region", REGIONS)
def test_the_alarm_and_what_the_health_check_has_copied_of_it(made, region):
    alarm = alarms(made, region)["promoter-probe-unhealthy"]
    copied = {
        "Namespace": "Custom/Redis",
        "MetricName": "HealthCheckStatus",
        "Dimensions": [],
        "Statistic": "Minimum",
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1,
        "Period": 60,
        "EvaluationPeriods": 3,
    }
    assert {name: alarm[name] for name in copied} == copied
    assert alarm["TreatMissingData"] == "breaching" and "DatapointsToAlarm" not in alarm
    assert alarm["AlarmActions"] == alarm["OKActions"] == [f"arn:aws:sns:{region}:{ACCOUNT}:alerts"]
    check = health_checks(made)[region]
    assert {name: check["HealthCheckConfig"][name] for name in ["Type", "AlarmIdentifier", "InsufficientDataHealthStatus", "Disabled"]} == {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": region, "Name": "promoter-probe-unhealthy"},
        "InsufficientDataHealthStatus": "Unhealthy",
        "Disabled": False,
    }
    assert check["CloudWatchAlarmConfiguration"] == copied


def test_the_record_goes_by_the_primarys_health(made, zone):
    found = made("route53", PRIMARY).list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    records = {record["SetIdentifier"]: record for record in found if record["Name"] == "redis.example.com."}
    assert {region: (r["Type"], r["Failover"], r["TTL"], r["ResourceRecords"]) for region, r in records.items()} == {
        PRIMARY: ("CNAME", "PRIMARY", 30, [{"Value": HOSTS[PRIMARY]}]),
        SECONDARY: ("CNAME", "SECONDARY", 30, [{"Value": HOSTS[SECONDARY]}]),
    }
    assert records[PRIMARY]["HealthCheckId"] == health_checks(made)[PRIMARY]["Id"]
    assert "HealthCheckId" not in records[SECONDARY]


@pytest.mark.parametrize("region", REGIONS)
def test_the_promoter_knows_from_terraform_what_the_record_leads_to(made, region):
    environment = made("lambda", region).get_function_configuration(FunctionName="promoter")["Environment"]["Variables"]
    assert json.loads(environment["RECORD_TARGETS"]) == {region: [host] for region, host in HOSTS.items()}
    assert environment["DNS_NAME"] == "redis.example.com" and "HOSTED_ZONE_ID" not in environment


@pytest.mark.parametrize("region", REGIONS)
def test_the_alarms_of_the_datastore(made, region):
    found = alarms(made, region)
    nodes = [f"{GROUPS[region]}-001", f"{GROUPS[region]}-002"]
    for name, metric, threshold in [
        ("replication-lag", "GlobalDatastoreReplicationLag", 10),
        ("engine-cpu", "EngineCPUUtilization", 90),
        ("memory", "DatabaseMemoryUsagePercentage", 80),
        ("connections", "CurrConnections", 50000),
        ("evictions", "Evictions", 0),
    ]:
        for node in nodes:
            alarm = found[f"promoter-monitoring-{name}-{node}"]
            assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == ("AWS/ElastiCache", metric, threshold)
            assert alarm["Dimensions"] == [{"Name": "CacheClusterId", "Value": node}]
    assert found["promoter-monitoring-throttles"]["Dimensions"] == [{"Name": "FunctionName", "Value": "promoter"}]


def test_one_dashboard_shows_the_alarms_nodes_and_health_checks_of_both_regions(made):
    listed = {region: made("cloudwatch", region).list_dashboards()["DashboardEntries"] for region in REGIONS}
    assert [entry["DashboardName"] for entry in listed[SECONDARY]] == ["promoter-monitoring"]
    body = json.loads(made("cloudwatch", SECONDARY).get_dashboard(DashboardName="promoter-monitoring")["DashboardBody"])
    (shown,) = [widget["properties"]["alarms"] for widget in body["widgets"] if widget["type"] == "alarm"]
    there = {alarm["AlarmArn"] for region in REGIONS for alarm in alarms(made, region).values()}
    own = {arn for arn in there if f":{SECONDARY}:" in arn and ":promoter-monitoring-" in arn}
    assert set(shown) == there - own and own
    rows = [(widget["properties"]["region"], row) for widget in body["widgets"] for row in widget["properties"].get("metrics", [])]
    assert {(region, row[3]) for region, row in rows if row[0] == "AWS/ElastiCache"} == {
        (region, f"{GROUPS[region]}-00{number}") for region in REGIONS for number in [1, 2]
    }
    assert {row[3] for region, row in rows if row[0] == "AWS/Route53"} == {check["Id"] for check in health_checks(made).values()}


# --- Changes -------------------------------------------------------------------------------------------------------


def differing(plan):
    """Address → attributes that a plan changes, but for what moto forgets: how a function logs."""
    found = {}
    for change in plan["resource_changes"]:
        if change["mode"] == "managed" and change["change"]["actions"] != ["no-op"]:
            assert change["change"]["actions"] == ["update"], change["address"]
            before, after = change["change"]["before"], change["change"]["after"]
            names = {name for name in after if name in before and before[name] != after[name]}
            found[change["address"]] = names - {"logging_config"} if change["type"] == "aws_lambda_function" else names
    return {address: names for address, names in found.items() if names}


# Without the promoters, whose second plan test_terraform.py looks at.
CHANGED = ["-target=module.probe_primary", "-target=module.probe_secondary", "-target=module.monitoring_primary"]


def test_a_changed_alarm_is_copied_again_by_the_same_health_check_and_nothing_else_changes(example, made):
    before = health_checks(made)
    plan = differing(example.plan(*CHANGED, alarm_evaluation_periods=1))
    assert plan == {
        f'module.probe_{which}.{resource}["promoter-probe"]': {attribute}
        for which in ["primary", "secondary"]
        for resource, attribute in [
            ("aws_cloudwatch_metric_alarm.this", "evaluation_periods"),
            ("aws_route53_health_check.this", "triggers"),
        ]
    }
    example("apply", "-no-color", "plan")
    after = health_checks(made)
    assert [after[region]["CloudWatchAlarmConfiguration"]["EvaluationPeriods"] for region in REGIONS] == [1, 1]
    assert [after[region]["Id"] for region in REGIONS] == [before[region]["Id"] for region in REGIONS]
