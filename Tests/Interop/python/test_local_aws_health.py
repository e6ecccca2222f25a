"""From a metric to the answer of DNS: holds alarms, health checks and secrets of the emulated AWS to boto3, and to
moto where that one has them too."""

import datetime

import boto3
import botocore.exceptions
import pytest
from local_aws import LocalAWS
from moto import mock_aws

ZONE = "Z0LOCALPROMOTER"
METRIC = {
    "Namespace": "Probe",
    "MetricName": "HealthCheckStatus",
    "Dimensions": [{"Name": "Endpoint", "Value": "redis"}],
}
ALARM = {
    **METRIC,
    "AlarmName": "probe",
    "AlarmDescription": "the probe's",
    "Statistic": "Minimum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "breaching",
    "AlarmActions": ["arn:aws:sns:us-west-2:111122223333:promotions"],
}


def code(error):
    return error.value.response["Error"]["Code"]


@pytest.fixture(params=["json", "query"])
def cloudwatch(aws, request):
    return aws.client("cloudwatch", protocol=request.param)


def put(cloudwatch, value, **more):
    datum = {name: METRIC[name] for name in ("MetricName", "Dimensions")}
    cloudwatch.put_metric_data(Namespace=METRIC["Namespace"], MetricData=[{**datum, "Value": value, **more}])


def alarm(cloudwatch):
    (found,) = cloudwatch.describe_alarms(AlarmNames=["probe"])["MetricAlarms"]
    return found


def test_an_alarm_is_described_as_it_was_put(aws, cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM)
    found = alarm(cloudwatch)
    assert {name: found[name] for name in ALARM} == ALARM
    assert found["AlarmArn"] == "arn:aws:cloudwatch:us-west-2:111122223333:alarm:probe"
    assert (found["StateValue"], found["ActionsEnabled"], found["DatapointsToAlarm"]) == ("INSUFFICIENT_DATA", True, 1)
    assert found["OKActions"] == found["InsufficientDataActions"] == []
    for time in ("StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp"):
        assert abs(found[time] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(hours=1)


def test_an_alarm_follows_its_metric_and_tells_its_topic(aws, cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM)
    for value, state in [(1, "OK"), (0, "ALARM"), (1, "OK")]:
        put(cloudwatch, value)
        aws.advance(60)
        assert alarm(cloudwatch)["StateValue"] == state
    assert len(aws.control("GET", "messages?topic=promotions")) == 1
    assert [a["AlarmName"] for a in cloudwatch.describe_alarms(StateValue="OK")["MetricAlarms"]] == ["probe"]
    cloudwatch.set_alarm_state(AlarmName="probe", StateValue="ALARM", StateReason="drill", StateReasonData="{}")
    assert (alarm(cloudwatch)["StateReason"], alarm(cloudwatch)["StateReasonData"]) == ("drill", "{}")
    cloudwatch.delete_alarms(AlarmNames=["probe"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    with pytest.raises(cloudwatch.exceptions.ResourceNotFound):
        cloudwatch.delete_alarms(AlarmNames=["probe"])
    with pytest.raises(cloudwatch.exceptions.ResourceNotFound):
        cloudwatch.set_alarm_state(AlarmName="probe", StateValue="OK", StateReason="drill")


def test_alarms_come_by_the_paginator(aws, cloudwatch):
    for number in range(5):
        cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": f"a{number}"})
    pages = cloudwatch.get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 2})
    assert [a["AlarmName"] for page in pages for a in page["MetricAlarms"]] == [f"a{n}" for n in range(5)]


OLD = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=15)


@pytest.mark.parametrize(
    "value, fields, expected",
    [
        # JSON has no such number, and no service that reads it: there the whole body is refused.
        (float("nan"), {}, {"InvalidParameterValue", "SerializationException"}),
        (1e300, {}, {"InvalidParameterValue"}),
        (1.0, {"Timestamp": OLD}, {"InvalidParameterValue"}),
        (1.0, {"StorageResolution": 5}, {"InvalidParameterValue"}),
        (1.0, {"Values": [1.0]}, {"InvalidParameterCombination"}),
    ],
)
def test_a_datum_that_is_refused(aws, cloudwatch, value, fields, expected):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        put(cloudwatch, value, **fields)
    assert code(error) in expected
    assert cloudwatch.list_metrics(Namespace="Probe")["Metrics"] == []


def statistics(cloudwatch, now):
    (found,) = cloudwatch.get_metric_statistics(
        **METRIC,
        StartTime=now - datetime.timedelta(minutes=5),
        EndTime=now + datetime.timedelta(minutes=5),
        Period=3600,
        Statistics=["Sum", "SampleCount", "Minimum", "Maximum", "Average"],
    )["Datapoints"]
    return {name: found[name] for name in ("Sum", "SampleCount", "Minimum", "Maximum", "Average", "Unit")}


def play_metrics(cloudwatch):
    """What another AWS must answer alike."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(minute=30)
    for value in (1.0, 3.0):
        put(cloudwatch, value, Unit="Count", Timestamp=now)
    cloudwatch.put_metric_alarm(**ALARM)
    found = alarm(cloudwatch)
    return statistics(cloudwatch, now), {name: found.get(name) for name in [*ALARM, "StateValue", "ActionsEnabled"]}


def test_moto_has_the_same_statistics_and_the_same_alarm(aws, cloudwatch):
    ours = play_metrics(cloudwatch)
    with mock_aws():
        key = dict(aws_access_key_id="test", aws_secret_access_key="test")
        theirs = play_metrics(boto3.client("cloudwatch", region_name="us-west-2", **key))
    # moto begins every alarm as OK, which AWS does not.
    theirs[1]["StateValue"] = "INSUFFICIENT_DATA"
    assert ours == theirs


def config(**more):
    return {
        "Type": "CLOUDWATCH_METRIC",
        "AlarmIdentifier": {"Region": "us-west-2", "Name": "probe"},
        "InsufficientDataHealthStatus": "Unhealthy",
        **more,
    }


def create(route53, config, reference="1"):
    return route53.create_health_check(CallerReference=reference, HealthCheckConfig=config)["HealthCheck"]


def status(route53, check):
    observations = route53.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
    return {observation["StatusReport"]["Status"].split(":")[0] for observation in observations}


def test_from_a_metric_to_the_answer_of_dns(aws, cloudwatch):
    route53 = aws.client("route53")
    cloudwatch.put_metric_alarm(**ALARM)
    check = create(route53, config())
    assert check["HealthCheckConfig"] == {**config(), "Inverted": False, "Disabled": False}
    kept = ("Statistic", "Period", "EvaluationPeriods", "Threshold", "ComparisonOperator")
    assert check["CloudWatchAlarmConfiguration"] == {**METRIC, **{name: ALARM[name] for name in kept}}
    sets = route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    primary = next(record for record in sets if record.get("Failover") == "PRIMARY")
    change = {"Action": "UPSERT", "ResourceRecordSet": {**primary, "HealthCheckId": check["Id"]}}
    route53.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": [change]})
    sets = route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    assert [record.get("HealthCheckId") for record in sets if "Failover" in record] == [check["Id"], None]

    def leads():
        names = aws.control("GET", "state")["names"]
        return next(name["region"] for name in names if name["name"] == "app.example.com")

    # No data yet, and InsufficientDataHealthStatus says what that means.
    assert (status(route53, check["Id"]), leads()) == ({"Failure"}, "us-west-2")
    good, bad = (1, "Success", "us-east-1"), (0, "Failure", "us-west-2")
    for value, health, region in (good, bad, good):
        put(cloudwatch, value)
        aws.advance(60)
        assert (status(route53, check["Id"]), leads()) == ({health}, region)
    cloudwatch.set_alarm_state(AlarmName="probe", StateValue="ALARM", StateReason="of no effect")
    assert (status(route53, check["Id"]), leads()) == ({"Success"}, "us-east-1")
    (found,) = aws.control("GET", "state")["healthChecks"]
    assert (found["healthy"], found["records"]) == (True, [f"app.example.com ({primary['SetIdentifier']})"])


def test_health_checks_are_listed_updated_and_deleted(aws):
    route53 = aws.client("route53")
    tcp = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 6379, "RequestInterval": 10, "FailureThreshold": 1}
    checks = [create(route53, {**tcp, "Port": 6379 + n}, str(n)) for n in range(3)]
    pages = route53.get_paginator("list_health_checks").paginate(PaginationConfig={"PageSize": 2})
    assert sorted(c["Id"] for page in pages for c in page["HealthChecks"]) == sorted(c["Id"] for c in checks)
    first = checks[0]["Id"]
    assert create(route53, tcp, "0")["Id"] == first
    with pytest.raises(route53.exceptions.HealthCheckAlreadyExists):
        create(route53, {**tcp, "Port": 1}, "0")
    calculated = create(
        route53, {"Type": "CALCULATED", "HealthThreshold": 3, "ChildHealthChecks": [c["Id"] for c in checks]}, "sum"
    )
    assert status(route53, first) == {"Success"}
    aws.control("POST", "health", {"healthCheck": first, "healthy": False})
    assert status(route53, first) == {"Failure"}
    health = {c["id"]: c["healthy"] for c in aws.control("GET", "state")["healthChecks"]}
    assert (health[first], health[checks[1]["Id"]], health[calculated["Id"]]) == (False, True, False)
    with pytest.raises(route53.exceptions.InvalidInput):
        route53.get_health_check_status(HealthCheckId=calculated["Id"])
    updated = route53.update_health_check(HealthCheckId=first, HealthCheckVersion=1, Inverted=True)["HealthCheck"]
    assert updated["HealthCheckVersion"] == 2
    assert updated["HealthCheckConfig"] == {**tcp, "Inverted": True, "Disabled": False}
    assert status(route53, first) == {"Success"}
    with pytest.raises(route53.exceptions.HealthCheckVersionMismatch):
        route53.update_health_check(HealthCheckId=first, HealthCheckVersion=1, Inverted=False)
    route53.delete_health_check(HealthCheckId=first)
    for call in (route53.get_health_check, route53.delete_health_check, route53.get_health_check_status):
        with pytest.raises(route53.exceptions.NoSuchHealthCheck):
            call(HealthCheckId=first)


@pytest.mark.parametrize(
    "alarm",
    [
        {"AlarmName": "another"},
        {"Period": 10},
        {"EvaluationPeriods": 3, "DatapointsToAlarm": 2},
    ],
)
def test_an_alarm_that_a_health_check_cannot_follow(aws, alarm):
    route53 = aws.client("route53")
    aws.client("cloudwatch").put_metric_alarm(**{**ALARM, **alarm})
    with pytest.raises(route53.exceptions.InvalidInput):
        create(route53, config())


def test_a_record_needs_a_health_check_that_is_there(aws):
    route53 = aws.client("route53")
    record = {
        "Name": "w.example.com",
        "Type": "A",
        "SetIdentifier": "w",
        "Weight": 1,
        "TTL": 5,
        "ResourceRecords": [{"Value": "192.0.2.1"}],
        "HealthCheckId": "00000000-0000-0000-0000-000000000000",
    }
    with pytest.raises(route53.exceptions.NoSuchHealthCheck):
        route53.change_resource_record_sets(
            HostedZoneId=ZONE, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        )


def play_secrets(client):
    """What another AWS must answer alike."""
    made = client.create_secret(Name="redis/auth", SecretString="first")
    client.put_secret_value(SecretId="redis/auth", SecretString="second")
    client.create_secret(Name="bytes", SecretBinary=b"\x00\xff")
    values = [
        client.get_secret_value(SecretId="redis/auth"),
        client.get_secret_value(SecretId=made["ARN"], VersionStage="AWSPREVIOUS"),
        client.get_secret_value(SecretId="redis/auth", VersionId=made["VersionId"]),
        client.get_secret_value(SecretId="bytes"),
    ]
    codes = []
    for call in (
        lambda: client.get_secret_value(SecretId="none"),
        lambda: client.get_secret_value(SecretId="redis/auth", VersionStage="NONE"),
        lambda: client.create_secret(Name="redis/auth", SecretString="again"),
        lambda: client.put_secret_value(SecretId="none", SecretString="x"),
    ):
        with pytest.raises(botocore.exceptions.ClientError) as error:
            call()
        codes.append(code(error))
    told = [{k: v[k] for k in ("Name", "SecretString", "SecretBinary", "VersionStages") if k in v} for v in values]
    return told, codes


def test_moto_has_the_same_secrets(aws):
    ours = play_secrets(aws.client("secretsmanager"))
    with mock_aws():
        key = dict(aws_access_key_id="test", aws_secret_access_key="test")
        theirs = play_secrets(boto3.client("secretsmanager", region_name="us-west-2", **key))
    assert ours == theirs


def test_a_secret_suffers_faults_and_lives_in_its_region(aws):
    aws.control("POST", "secrets", {"name": "redis", "region": "us-west-2", "value": "s3cret"})
    client = aws.client("secretsmanager")
    assert client.get_secret_value(SecretId="redis")["SecretString"] == "s3cret"
    assert "s3cret" not in str(aws.control("GET", "state"))
    elsewhere = aws.client("secretsmanager", "us-east-1")
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.get_secret_value(SecretId="redis")
    aws.fault("error", service="secretsmanager", status=500, code="InternalServiceError", message="no", times=1)
    with pytest.raises(client.exceptions.InternalServiceError):
        client.get_secret_value(SecretId="redis")
    assert client.get_secret_value(SecretId="redis")["SecretString"] == "s3cret"


def test_a_short_minute_shortens_alarms(request):
    aws = LocalAWS("--minute-seconds", "2")
    request.addfinalizer(aws.stop)
    cloudwatch = aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    put(cloudwatch, 0)
    aws.advance(2)
    assert alarm(cloudwatch)["StateValue"] == "ALARM"
