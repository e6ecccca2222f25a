"""Applies the networks and their peering to moto's EC2, which nobody here wrote, and reads them back with boto3.

moto has no Global Datastore. That part of the example is planned by the real provider only, from a state in which
somebody else has promoted the other region.
"""

import json
import shutil
from collections import Counter

import boto3
import pytest
from moto.server import ThreadedMotoServer
from terraform import Terraform

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")

REGIONS = {"us-east-1": "10.1.0.0/16", "us-west-2": "10.2.0.0/16"}


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def example(endpoint, tmp_path_factory):
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", "examples/complete", endpoint)
    (terraform.folder / "package.zip").write_bytes(b"not looked into by a plan")
    terraform.environment.update(
        TF_VAR_primary_region="us-east-1", TF_VAR_secondary_region="us-west-2", TF_VAR_package_file="package.zip"
    )
    terraform.init()
    return terraform


NETWORKS = ["module.primary", "module.secondary", "module.peering"]


@pytest.fixture(scope="module")
def networks(example, endpoint):
    """The client of each region's EC2, with the networks applied."""
    example("apply", "-no-color", "-auto-approve", *(f"-target={module}" for module in NETWORKS))
    return {region: client(endpoint, "ec2", region) for region in REGIONS}


def client(endpoint, service, region):
    return boto3.client(
        service, region_name=region, endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test"
    )


def own_vpc(ec2, region):
    return next(vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if vpc["CidrBlock"] == REGIONS[region])


def in_vpc(vpc):
    return [{"Name": "vpc-id", "Values": [vpc]}]


@pytest.mark.parametrize("region", REGIONS)
def test_nothing_leads_to_the_internet(networks, region):
    ec2 = networks[region]
    vpc = own_vpc(ec2, region)
    subnets = ec2.describe_subnets(Filters=in_vpc(vpc))["Subnets"]
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])["InternetGateways"] == []
    assert ec2.describe_nat_gateways(Filter=in_vpc(vpc))["NatGateways"] == []
    routes = [route for table in ec2.describe_route_tables(Filters=in_vpc(vpc))["RouteTables"] for route in table["Routes"]]
    assert {route["DestinationCidrBlock"] for route in routes} == set(REGIONS.values())


@pytest.mark.parametrize("region", REGIONS)
def test_each_side_reaches_and_resolves_the_other(networks, region):
    ec2 = networks[region]
    vpc = own_vpc(ec2, region)
    (connection,) = ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
    assert connection["Status"]["Code"] == "active"
    side = "RequesterVpcInfo" if connection["RequesterVpcInfo"]["VpcId"] == vpc else "AccepterVpcInfo"
    assert connection[side]["PeeringOptions"]["AllowDnsResolutionFromRemoteVpc"]
    other = next(cidr for name, cidr in REGIONS.items() if name != region)
    subnets = {subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=in_vpc(vpc))["Subnets"]}
    for table in ec2.describe_route_tables(Filters=in_vpc(vpc))["RouteTables"]:
        used = subnets & {association.get("SubnetId") for association in table["Associations"]}
        routes = {route["DestinationCidrBlock"]: route.get("VpcPeeringConnectionId") for route in table["Routes"]}
        if used:
            assert used == subnets
            assert routes[other] == connection["VpcPeeringConnectionId"]
        else:
            assert other not in routes


@pytest.mark.parametrize("region", REGIONS)
def test_a_function_reaches_the_endpoints_and_nothing_else(networks, region):
    ec2 = networks[region]
    vpc = own_vpc(ec2, region)
    endpoints = ec2.describe_vpc_endpoints(Filters=in_vpc(vpc))["VpcEndpoints"]
    assert {endpoint["ServiceName"] for endpoint in endpoints} == {f"com.amazonaws.{region}.elasticache", f"com.amazonaws.{region}.ssm"}
    assert all(endpoint["PrivateDnsEnabled"] for endpoint in endpoints)
    groups = {group["GroupName"]: group for group in ec2.describe_security_groups(Filters=in_vpc(vpc))["SecurityGroups"]}
    function, behind = groups[f"sessions-{region}-function"], groups[f"sessions-{region}-endpoints"]
    assert {group["GroupId"] for endpoint in endpoints for group in endpoint["Groups"]} == {behind["GroupId"]}
    assert [reach(rule) for rule in function["IpPermissionsEgress"]] == [("tcp", 443, 443, [behind["GroupId"]], [])]
    assert [reach(rule) for rule in behind["IpPermissions"]] == [("tcp", 443, 443, [function["GroupId"]], [])]
    assert function["IpPermissions"] == [] and behind["IpPermissionsEgress"] == []
    assert groups["default"]["IpPermissions"] == [] and groups["default"]["IpPermissionsEgress"] == []


def reach(rule):
    return (
        rule["IpProtocol"],
        rule["FromPort"],
        rule["ToPort"],
        [pair["GroupId"] for pair in rule["UserIdGroupPairs"]],
        [group["CidrIp"] for group in rule["IpRanges"]],
    )


@pytest.fixture(scope="module")
def changes(networks, example):
    """What the plan of the whole example has for each resource, with the networks applied."""
    return [change for change in example.plan()["resource_changes"] if change["mode"] == "managed"]


def test_a_second_plan_finds_nothing_to_do(changes):
    differences = set()
    applied = [change for change in changes if any(change["address"].startswith(f"{module}.") for module in NETWORKS)]
    assert {change["module_address"].split(".")[1] for change in applied} == {"primary", "secondary", "peering"}
    for change in applied:
        if change["change"]["actions"] != ["no-op"]:
            before, after = change["change"]["before"], change["change"]["after"]
            # What is unknown is a consequence of what differs, and not in "after"; null and "" are the same.
            differences |= {(change["type"], name) for name in after if (after[name] or None) != (before[name] or None)}
    assert differences <= FORGOTTEN_BY_MOTO


FORGOTTEN_BY_MOTO = {
    ("aws_vpc_security_group_egress_rule", "description"),
    ("aws_vpc_security_group_ingress_rule", "description"),
}


def test_the_whole_example_is_one_plan(changes):
    made = Counter(change["type"] for change in changes)
    assert {kind: made[kind] for kind in EXPECTED} == EXPECTED
    regions = {change["address"]: change["change"]["after"].get("replication_group_id") for change in changes
               if change["type"] == "aws_elasticache_replication_group"}
    assert sorted(regions.values()) == ["sessions-us-east-1", "sessions-us-west-2"]


EXPECTED = {
    "aws_vpc": 2,
    "aws_subnet": 4,
    "aws_vpc_endpoint": 4,
    "aws_vpc_peering_connection": 1,
    "aws_vpc_peering_connection_accepter": 1,
    "aws_vpc_peering_connection_options": 2,
    "aws_route": 2,
    "aws_elasticache_replication_group": 2,
    "aws_elasticache_global_replication_group": 1,
    "aws_route53_zone": 1,
    "aws_route53_record": 2,
    "aws_lb": 2,
    "aws_lambda_function": 4,
    "aws_ssm_parameter": 4,
}


# --- After a promotion that Terraform did not make -------------------------------------------------------------------


MEMBER = {
    "id": "sessions-us-east-1",
    "replication_group_id": "sessions-us-east-1",
    "description": "Member of a Global Datastore that follows DNS",
    "global_replication_group_id": "ldgnf-sessions",
    "engine": "valkey",
    "engine_version": "8.0",
    "engine_version_actual": "8.0.1",
    "node_type": "cache.m7g.large",
    "parameter_group_name": "global-datastore-ldgnf-sessions",
    "at_rest_encryption_enabled": "true",
    "transit_encryption_enabled": True,
    "automatic_failover_enabled": True,
    "multi_az_enabled": True,
    "num_cache_clusters": 2,
    "num_node_groups": 1,
    "replicas_per_node_group": 1,
    "port": 6379,
    "snapshot_retention_limit": 7,
    "subnet_group_name": "sessions-us-east-1",
    "security_group_ids": ["sg-11111111"],
    "apply_immediately": False,
    "auth_token_update_strategy": "ROTATE",
    "tags": {"Name": "sessions-us-east-1"},
    "tags_all": {"Name": "sessions-us-east-1"},
    # What AWS fills in: a computed argument that is null would be a difference of its own.
    "arn": "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:sessions-us-east-1",
    "auto_minor_version_upgrade": "true",
    "cluster_enabled": False,
    "cluster_mode": "disabled",
    "configuration_endpoint_address": "",
    "data_tiering_enabled": False,
    "ip_discovery": "ipv4",
    "maintenance_window": "sun:05:00-sun:06:00",
    "member_clusters": ["sessions-us-east-1-001", "sessions-us-east-1-002"],
    "network_type": "ipv4",
    "primary_endpoint_address": "master.sessions-us-east-1.abc123.use1.cache.amazonaws.com",
    "reader_endpoint_address": "replica.sessions-us-east-1.abc123.use1.cache.amazonaws.com",
    "security_group_names": [],
    "snapshot_window": "03:00-04:00",
    "transit_encryption_mode": "required",
    "log_delivery_configuration": [],
}

DATASTORE = {
    "id": "ldgnf-sessions",
    "global_replication_group_id": "ldgnf-sessions",
    "global_replication_group_id_suffix": "sessions",
    "global_replication_group_description": "Member of a Global Datastore that follows DNS",
    "primary_replication_group_id": "sessions-us-east-1",
    "automatic_failover_enabled": True,
    "cache_node_type": "cache.m7g.large",
    "engine": "valkey",
    "engine_version": "8.0",
    "engine_version_actual": "8.0.1",
    "num_node_groups": 1,
    "global_node_groups": [],
}


PROMOTED = {**DATASTORE, "primary_replication_group_id": "sessions-us-west-2"}
SCALED = {"engine_version": "8.1", "engine_version_actual": "8.1.0", "node_type": "cache.r7g.large", "num_node_groups": 3}

# Calls of the module in one configuration, for a plan takes as long for all as for one: what a refresh would have left of
# the member and of the Global Datastore, and what the call says that the others do not.
CALLS = {
    "before": (MEMBER, DATASTORE, {}),
    "promoted": (MEMBER, PROMOTED, {}),
    "scaled_by_hand": ({**MEMBER, **SCALED}, DATASTORE, {}),
    "detached": ({**MEMBER, "global_replication_group_id": ""}, DATASTORE, {}),
    "scaled": (MEMBER, PROMOTED, {"node_type": "cache.r7g.xlarge"}),
    "without_the_rule": (MEMBER, PROMOTED, {"source": "./modules/without-the-rule"}),
}
SETTINGS = {
    "source": "./modules/global-datastore",
    "name": "sessions-us-east-1",
    "role": "primary",
    "global_datastore_suffix": "sessions",
    "vpc_id": "vpc-11111111",
    "subnet_ids": ["subnet-11111111", "subnet-22222222"],
}
PROVIDER = """provider "aws" {
  region                      = "us-east-1"
  skip_requesting_account_id  = true
  skip_credentials_validation = true
}
"""


def state(call, member, datastore):
    """The state of a call of the module, as a refresh would have left it. Partial: what is left out is null."""

    def resource(kind, attributes, schema, index=None):
        instance = {"schema_version": schema, "attributes": attributes, "sensitive_attributes": []}
        if kind == "aws_elasticache_replication_group":
            # Terraform notes which values came from sensitive variables, null or not.
            instance["sensitive_attributes"] = [[{"type": "get_attr", "value": "auth_token"}]]
        return {
            "module": f"module.{call}",
            "mode": "managed",
            "type": kind,
            "name": "this",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [instance if index is None else {"index_key": index, **instance}],
        }

    return [
        resource("aws_elasticache_replication_group", member, 2),
        resource("aws_elasticache_global_replication_group", datastore, 0, index=0),
        resource("aws_elasticache_subnet_group", {"id": "sessions-us-east-1", "name": "sessions-us-east-1",
                 "description": "Private subnets of sessions-us-east-1", "subnet_ids": ["subnet-11111111", "subnet-22222222"],
                 "tags": {"Name": "sessions-us-east-1"}, "tags_all": {"Name": "sessions-us-east-1"}}, 0),
        resource("aws_security_group", {"id": "sg-11111111", "name": "sessions-us-east-1-datastore", "vpc_id": "vpc-11111111",
                 "description": "Replication group sessions-us-east-1: from named clients only", "revoke_rules_on_delete": False, "ingress": [], "egress": [],
                 "tags": {"Name": "sessions-us-east-1-datastore"}, "tags_all": {"Name": "sessions-us-east-1-datastore"}}, 1),
    ]


@pytest.fixture(scope="module")
def actions(endpoint, tmp_path_factory):
    """Call → what is planned for its resources, by their kinds; those that stay as they are are left out."""
    terraform = Terraform(tmp_path_factory.mktemp("datastore") / "copy", ".", endpoint)
    for given in (terraform.folder / "tests").glob("*.hcl"):
        given.unlink()
    module, copy = terraform.folder / "modules/global-datastore", terraform.folder / "modules/without-the-rule"
    shutil.copytree(module, copy)
    text = (module / "main.tf").read_text()
    assert RULE in text
    (copy / "main.tf").write_text(text.replace(RULE, ""))
    (terraform.folder / "calls.tf").write_text(PROVIDER + "".join(
        f'module "{call}" {{\n' + "".join(f"  {name} = {json.dumps(value)}\n" for name, value in {**SETTINGS, **settings}.items()) + "}\n"
        for call, (_, _, settings) in CALLS.items()
    ))  # fmt: skip
    resources = [resource for call, (member, datastore, _) in CALLS.items() for resource in state(call, member, datastore)]
    (terraform.folder / "terraform.tfstate").write_text(json.dumps(
        {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": {}, "resources": resources}
    ))  # fmt: skip
    terraform.init()
    changes = [c for c in terraform.plan("-refresh=false")["resource_changes"] if c["mode"] == "managed"]
    # Four of each are in the state: none is overlooked.
    assert Counter(change["module_address"] for change in changes) == {f"module.{call}": 4 for call in CALLS}
    return {
        call: {
            change["type"]: change["change"]["actions"]
            for change in changes
            if change["module_address"] == f"module.{call}" and change["change"]["actions"] != ["no-op"]
        }
        for call in CALLS
    }


def test_no_change_is_planned_before_a_promotion(actions):
    assert actions["before"] == {}


def test_no_change_is_planned_after_a_promotion(actions):
    assert actions["promoted"] == {}


def test_no_change_is_planned_after_an_upgrade_and_scaling_by_hand(actions):
    """What the Global Datastore hands down to its members is no difference of theirs."""
    assert actions["scaled_by_hand"] == {}


def test_no_change_is_planned_for_a_member_that_was_detached_and_rebuilt(actions):
    assert actions["detached"] == {}


def test_scaling_is_a_change_of_the_global_datastore_alone(actions):
    assert actions["scaled"] == {"aws_elasticache_global_replication_group": ["update"]}


RULE = "ignore_changes = [primary_replication_group_id]"


def test_without_the_rule_a_promotion_would_destroy_the_datastore(actions):
    """The rule is what the tests above rest on: without it, the provider replaces."""
    assert actions["without_the_rule"] == {"aws_elasticache_global_replication_group": ["delete", "create"]}
