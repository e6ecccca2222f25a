"""Plays AWS with moto for MotoServicesTests, and its other customer with boto3.

Starts moto, makes with boto3 what the client shall find, and writes one line of JSON: the endpoint and what was made.
Waits for a line on standard input, then reads with boto3 what the client has left, and writes that as one more line.
"""

import datetime
import io
import json
import logging
import sys
import zipfile

import boto3
import moto_route53
from moto.server import ThreadedMotoServer

REGION = "us-west-2"


def client(endpoint, service, region=REGION):
    return boto3.client(
        service, region_name=region, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )


def function(endpoint):
    """A function that promoter's module would make."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    role = client(endpoint, "iam").create_role(RoleName="promoter", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    functions = client(endpoint, "lambda")
    made = functions.create_function(
        FunctionName="promoter",
        Runtime="provided.al2023",
        Role=role["Arn"],
        Handler="promoter",
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
        MemorySize=128,
        Architectures=["arm64"],
        Environment={"Variables": {"DNS_NAME": "app.example.com"}},
    )
    functions.create_function(
        FunctionName="other", Runtime="provided.al2023", Role=role["Arn"], Handler="h", Code={"ZipFile": code.getvalue()}
    )
    functions.put_function_concurrency(FunctionName="promoter", ReservedConcurrentExecutions=1)
    return {"arn": made["FunctionArn"], "roleARN": role["Arn"]}


def rules(endpoint, target):
    events = client(endpoint, "events")
    events.put_rule(Name="promoter", ScheduleExpression="rate(1 minute)", State="ENABLED")
    events.put_rule(Name="paused", ScheduleExpression="rate(5 minutes)", State="DISABLED")
    events.put_rule(Name="unrelated", ScheduleExpression="rate(5 minutes)")
    for rule in ("promoter", "paused"):
        events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": target}])


def metrics(endpoint):
    for cluster, value in (("rg-001", 0.25), ("rg-002", 4)):
        client(endpoint, "cloudwatch").put_metric_data(
            Namespace="Promoter/Test",
            MetricData=[
                {
                    "MetricName": "Lag",
                    "Dimensions": [{"Name": "CacheClusterId", "Value": cluster}, {"Name": "Node", "Value": "0001"}],
                    "Value": value,
                }
            ],
        )


def secret(endpoint):
    secrets = client(endpoint, "secretsmanager")
    secrets.create_secret(Name="binary", SecretBinary=b"\0\1")
    value = json.dumps({"username": "probe", "password": 'ü " é'}, ensure_ascii=False)
    return secrets.create_secret(Name="redis", SecretString=value)["ARN"]


def health(endpoint):
    """What has been published of two targets, by their names."""
    now = datetime.datetime.now(datetime.timezone.utc)
    statistics = {}
    for target in ("a & ü", "last"):
        points = client(endpoint, "cloudwatch").get_metric_statistics(
            Namespace="Promoter/Health",
            MetricName="HealthCheckStatus",
            Dimensions=[{"Name": "Target", "Value": target}],
            StartTime=now - datetime.timedelta(hours=1),
            EndTime=now + datetime.timedelta(hours=1),
            Period=7200,
            Statistics=["SampleCount", "Sum", "Minimum", "Maximum"],
        )["Datapoints"]
        for point in points:
            statistics[target] = {
                "count": point["SampleCount"],
                "sum": point["Sum"],
                "minimum": point["Minimum"],
                "maximum": point["Maximum"],
                "unit": point["Unit"],
            }
    return statistics


def topic(endpoint):
    arn = client(endpoint, "sns").create_topic(Name="promotions")["TopicArn"]
    sqs = client(endpoint, "sqs")
    queue = sqs.create_queue(QueueName="promotions")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client(endpoint, "sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
    return arn, queue


def records(endpoint):
    route53 = client(endpoint, "route53", "us-east-1")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    names = [f"n{number}.example.com" for number in range(100, 900)]
    names += ["*.example.com", "a-b.example.com", "a.example.com"]
    for start in range(0, len(names), 100):
        changes = [
            {
                "Action": "CREATE",
                "ResourceRecordSet": {
                    "Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]
                },
            }
            for name in names[start : start + 100]
        ]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    return zone


def changed(endpoint, zone):
    """The records that no longer are, or never were, as `records` has made them."""
    route53 = client(endpoint, "route53", "us-east-1")
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    sets = [record for page in pages for record in page["ResourceRecordSets"]]
    return {
        "/".join(filter(None, [record["Name"], record.get("SetIdentifier")])): [
            value["Value"] for value in record["ResourceRecords"]
        ]
        for record in sets
        if record["Type"] not in ("NS", "SOA") and record["TTL"] != 60
    }


def say(document):
    print(json.dumps(document), flush=True)


# Only what the test reads belongs on standard output, and a line for each request is nothing that anybody reads.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto_route53.correct()
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"
made = function(endpoint)
rules(endpoint, made["arn"])
metrics(endpoint)
arn, queue = topic(endpoint)
zone = records(endpoint)
client(endpoint, "ssm").put_parameter(Name="/promoter/made", Value="by boto3", Type="String")
secret_arn = secret(endpoint)
say(
    {
        "endpoint": endpoint,
        "region": REGION,
        "topicARN": arn,
        "zone": zone,
        "secretARN": secret_arn,
        **made,
    }
)

if sys.stdin.readline():
    messages = client(endpoint, "sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    parameter = client(endpoint, "ssm").get_parameter(Name="/promoter/written")["Parameter"]
    bodies = [json.loads(message["Body"]) for message in messages]
    say(
        {
            "messages": [
                {
                    "id": body["MessageId"],
                    "subject": body.get("Subject"),
                    "message": body["Message"],
                    "attributes": {name: a["Value"] for name, a in body.get("MessageAttributes", {}).items()},
                }
                for body in bodies
            ],
            "parameter": {key: parameter[key] for key in ("Type", "Value")},
            "version": parameter["Version"],
            "health": health(endpoint),
            "records": changed(endpoint, zone),
        }
    )
server.stop()
