"""Lets the product's own AWS client talk to moto's Route 53 and STS, which nobody here wrote.

moto has no Global Datastore and no DNS: those two are local-aws's, as everywhere in the tests.
"""

import json
import os
import subprocess

import boto3
import pytest
from local_aws import PRODUCTS
from moto.server import ThreadedMotoServer

TARGETS = {
    "us-east-1": ("app-1234567890.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K"),
    "us-west-2": ("app-2345678901.us-west-2.elb.amazonaws.com", "Z1H1FL5HABSF5"),
}


@pytest.fixture
def moto():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def client(endpoint, service):
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )


def zone_with(endpoint, changes):
    route53 = client(endpoint, "route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    for start in range(0, len(changes), 100):
        route53.change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": c} for c in changes[start : start + 100]]},
        )
    return zone


def alias(region, **routing):
    name, zone = TARGETS[region]
    return {
        "Name": "app.example.com",
        "Type": "A",
        "SetIdentifier": region,
        "AliasTarget": {"HostedZoneId": zone, "DNSName": name, "EvaluateTargetHealth": True},
        **routing,
    }


FAILOVER = [alias("us-east-1", Failover="PRIMARY"), alias("us-west-2", Failover="SECONDARY")]


def promoter(aws, moto, zone, *arguments, **variables):
    """Runs `promoter` with moto for all services but ElastiCache."""
    environment = {
        **aws.environment,
        "AWS_ENDPOINT_URL_ELASTICACHE": aws.endpoint,
        "AWS_ENDPOINT_URL": moto,
        "AWS_REGION": "us-west-2",
        "HOSTED_ZONE_ID": zone,
        "DNS_NAME": "app.example.com",
        "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
        "PATH": os.environ["PATH"],
        **variables,
    }
    result = subprocess.run(
        [PRODUCTS / "promoter", *arguments], env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_failover_records_are_read_from_motos_route_53(aws, moto):
    zone = zone_with(moto, FAILOVER)
    status = promoter(aws, moto, zone, "status", "-o", "json")
    assert [(r["setIdentifier"], r["failover"], r["region"], r["target"]) for r in status["records"]] == [
        ("us-east-1", "PRIMARY", "us-east-1", TARGETS["us-east-1"][0]),
        ("us-west-2", "SECONDARY", "us-west-2", TARGETS["us-west-2"][0]),
    ]
    assert status["activeRegion"] == "us-east-1"
    assert status["check"]["reason"] == "standby"


def test_a_promotion_stands_on_motos_records(aws, moto):
    zone = zone_with(moto, FAILOVER)
    aws.control("POST", "health", {"region": "us-east-1", "healthy": False})
    assert promoter(aws, moto, zone, "check", "-o", "json")["decision"] == "promote"
    aws.advance(120)
    assert promoter(aws, moto, zone, "check", "-o", "json")["reason"] == "inPlace"


def test_a_large_zone_and_the_names_around_cost_one_page(aws, moto):
    around = [
        {"Name": f"{letter}{n}.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        for letter in "az"
        for n in range(200)
    ]
    zone = zone_with(moto, FAILOVER + around)
    check = promoter(aws, moto, zone, "check", "-o", "json")
    calls = [call["name"] for call in check["calls"]]
    assert calls.count("route53:ListResourceRecordSets") == 1


def test_a_role_is_assumed_with_motos_sts(aws, moto, tmp_path):
    zone = zone_with(moto, FAILOVER)
    config = tmp_path / "config"
    # ElastiCache is local-aws's, which knows nothing of moto's temporary keys: only Route 53 is asked.
    config.write_text(
        "[profile base]\naws_access_key_id = test\naws_secret_access_key = test\n"
        "[profile failover]\nrole_arn = arn:aws:iam::123456789012:role/promoter\nsource_profile = base\n"
    )
    variables = {
        "AWS_PROFILE": "failover",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
    }
    check = promoter(aws, moto, zone, "check", "-o", "json", **variables)
    # Standing by, it needs the members not at all.
    assert check["reason"] == "standby"
    assert [call["name"] for call in check["calls"]] == ["sts:AssumeRole", "route53:ListResourceRecordSets"]
