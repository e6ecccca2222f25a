"""Compares what the module endpoints takes and refuses with what the program does: neither may be wiser than the other.

The program is asked by `promoter endpoints plan`, which ends with 64 where the configuration is wrong, and with 1 where
nothing answers; the module by `terraform validate` of one configuration that calls it many times.
"""

import json
import os
import re
import shutil
import subprocess

import pytest
from local_aws import PRODUCTS, ROOT
from terraform import Terraform

MODULE = ROOT / "terraform/modules/endpoints"
PRIMARY = {"primary_record_name": "redis.example.internal"}

# The module's variables, which have the names of the program's: values that both must take, and values that both must
# refuse. What only the module refuses, such as an endpoint without a name that leads to it, is not here.
AGREED = {
    "hosted_zone_id": (["Z1", "/hostedzone/Z1"], ["example.internal", "Z" * 33]),
    "replication_group_id": (["rg", "Sessions-usw2"], ["sessions_usw2", "arn:aws:elasticache"]),
    "record_name": (["read.example.internal", "Read_1.a.B."], ["read", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "weighted_record_name": (["replicas.example.internal", "_a.B."], ["replicas", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "primary_record_name": (["redis.example.internal", "_a.B."], ["redis", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "primary_endpoint": (["master.rg.abc123.use1.cache.amazonaws.com"], ["redis", "10.1.2.3", "redis.example.com:6379"]),
    "global_datastore_id": (["LDGNF-a"], ["ldgnf_a", "arn:aws"]),
    "record_ttl_seconds": ([1, 86400], [0, 86401, 1.5]),
    "when_no_replicas": (["keep", "primary", "delete"], ["hold"]),
}
# `true` has no other values in Terraform.
WORDS = {"wait_for_sync", "dry_run"}
# What has to be there for a value to be right.
WITH = {"primary_endpoint": PRIMARY, "global_datastore_id": PRIMARY}
GIVEN = {"hosted_zone_id": "Z1", "replication_group_id": "sessions", "record_name": "read.example.internal"}


def test_what_the_module_sets_is_what_is_compared():
    source = (MODULE / "environment.tf").read_text()
    assert {name.lower() for name in re.findall(r"^    ([A-Z_]+) += ", source, re.M)} == {*AGREED, *WORDS}


# --- The program ---------------------------------------------------------------------------------------------------


def plan(**settings):
    """What the program says to such an environment, and how it ends."""
    environment = {
        "PATH": os.environ["PATH"],
        # Where nobody listens.
        **{"AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_MAX_ATTEMPTS": "1"},
        **{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true"},
        **{name.upper(): str(value) for name, value in settings.items()},
    }
    return subprocess.run([PRODUCTS / "promoter", "endpoints", "plan"], env=environment, capture_output=True, text=True, timeout=60)


def complaints(**settings):
    """The variables that the program refuses to start with; none where it asks in vain."""
    result = plan(**settings)
    assert result.returncode in (1, 64), result.stderr
    return set(re.findall(r"^promoter: ([A-Z_]+)", result.stderr, re.M)) if result.returncode == 64 else set()


@pytest.fixture(scope="module")
def knows_endpoints():
    """A program that was built without the handler has nothing to compare."""
    shown = subprocess.run([PRODUCTS / "promoter", "--help"], capture_output=True, text=True, timeout=60)
    if not re.search(r"^  endpoints\b", shown.stdout, re.M):
        pytest.skip("this program has no command endpoints")


@pytest.mark.parametrize("variable", AGREED)
@pytest.mark.usefixtures("knows_endpoints")
def test_the_program_takes_and_refuses(variable):
    accepted, refused = AGREED[variable]
    settings = {**GIVEN, **WITH.get(variable, {})}
    for value in accepted:
        assert complaints(**{**settings, variable: value}) == set(), value
    for value in refused:
        assert complaints(**{**settings, variable: value}) == {variable.upper()}, value


# What the module refuses as well; its own tests say that it does. Left out of what is given, and the variable at fault.
MISSING = {
    "no_name": (["record_name"], "RECORD_NAME"),
    "no_cluster": (["replication_group_id"], "REPLICATION_GROUP_ID"),
    "no_zone": (["hosted_zone_id"], "HOSTED_ZONE_ID"),
}


@pytest.mark.parametrize("case", MISSING)
@pytest.mark.usefixtures("knows_endpoints")
def test_the_program_wants(case):
    left_out, variable = MISSING[case]
    assert variable in complaints(**{name: value for name, value in GIVEN.items() if name not in left_out})


@pytest.mark.usefixtures("knows_endpoints")
def test_the_program_wants_no_cluster_for_a_primary_record_alone():
    assert complaints(**PRIMARY, hosted_zone_id="Z1", primary_endpoint="a.example.com", global_datastore_id="ldgnf-a") == set()


# --- The module ----------------------------------------------------------------------------------------------------


def calls():
    """Name → settings of a call of the module, and the variables that it has to refuse."""
    found = {}
    for variable, kinds in AGREED.items():
        for kind, values in zip(["accepted", "refused"], kinds):
            for number, value in enumerate(values):
                settings = {**GIVEN, **WITH.get(variable, {}), variable: value}
                found[f"{variable}_{kind}_{number}"] = settings, {variable} if kind == "refused" else set()
    return found


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """Call → the variables that its validations refuse, for all `calls()` at once."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform is not installed")
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", ".", "http://127.0.0.1:1")
    for given in (terraform.folder / "tests").glob("*.hcl"):
        given.unlink()
    (terraform.folder / "calls.tf").write_text("".join(
        f'module "{name}" {{\n  source = "./modules/endpoints"\n  package_file = "versions.tf"\n'
        + "".join(f"  {variable} = {json.dumps(value)}\n" for variable, value in settings.items())
        + "}\n" for name, (settings, _) in calls().items()
    ))  # fmt: skip
    terraform.init()
    found = {}
    for diagnostic in json.loads(terraform("validate", "-json", accepted=(0, 1)).stdout)["diagnostics"]:
        assert diagnostic["summary"] == "Invalid value for variable", diagnostic
        call = re.fullmatch(r'module "(\w+)"', diagnostic["snippet"]["context"])[1]
        found.setdefault(call, set()).add(diagnostic["snippet"]["code"].split()[0])
    return found


@pytest.mark.parametrize("call", calls())
def test_the_module_takes_and_refuses_the_same(refusals, call):
    settings, expected = calls()[call]
    assert refusals.get(call, set()) == expected, settings
