"""Compares what the module probe takes and refuses with what the program does: neither may be wiser than the other.

The program is asked by `promoter probe`, which ends with 64 where the configuration is wrong, and with 1 where nothing
answers; the module by `terraform validate` of one configuration that calls it many times.
"""

import json
import os
import re
import shutil
import subprocess

import pytest
from local_aws import PRODUCTS, ROOT
from terraform import Terraform

MODULE = ROOT / "terraform/modules/probe"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:probe-AbCdEf"

# The module's variables, which have the names of the program's: values that both must take, and values that both must
# refuse. What only the module refuses, such as a secret of another region, is not here.
AGREED = {
    "redis_host": (
        ["redis.invalid", "A_1.redis.invalid.", "127.0.0.1", "::1"],
        ["redis", "redis://redis.invalid", "redis.invalid:6379", "a..invalid", f"{'a' * 64}.invalid", "10.1.2.300", "10.1.2.3/32"],
    ),
    "redis_port": ([1, 65535], [0, 65536, 1.5]),
    "redis_tls_server_name": (["redis.invalid", "127.0.0.1"], ["redis", "a..invalid", "10.1.2.300"]),
    "redis_ca_bundle": (["/opt/ca.pem"], []),
    "redis_username": (["probe"], []),
    "redis_secret_arn": ([SECRET], []),
    "postgres_host": (
        ["db.invalid", "A_1.db.invalid.", "127.0.0.1", "::1"],
        ["db", "postgres://db.invalid", "db.invalid:5432", "/var/run/postgresql", "a..invalid", f"{'a' * 64}.invalid", "10.1.2.300", "10.1.2.3/32"],
    ),
    "postgres_port": ([1, 65535], [0, 65536, 1.5]),
    "postgres_database": (["orders"], []),
    "postgres_username": (["probe"], []),
    "postgres_secret_arn": ([SECRET], []),
    "postgres_tls_mode": (["verify-full", "require", "disable"], ["verify-ca", "prefer"]),
    "postgres_ca_bundle": (["/opt/ca.pem"], []),
    "postgres_tls_server_name": (["db.invalid", "127.0.0.1"], ["db", "a..invalid", "10.1.2.300"]),
    "postgres_probe": (["write", "read"], ["select"]),
    "expect_role": (["primary", "replica"], ["master"]),
    "when_read_only": (["unhealthy", "healthy"], ["ignore"]),
    "connect_timeout_seconds": ([0.05, 30], [0, 0.04, 30.5]),
    "read_timeout_seconds": ([0.05, 30], [0, 0.04, 30.5]),
    "failures_to_unhealthy": ([1, 100], [0, 101, 1.5]),
    "successes_to_healthy": ([1, 100], [0, 101, 1.5]),
    "metric_dimensions": (
        [{"Cluster": "sessions"}, {"a" * 255: "b" * 255}, {f"a{n}": "b" for n in range(30)}],
        [{"a": ""}, {"a": " "}, {"a": ":b"}, {":a": "b"}, {"a": "ü"}, {"a": "b" * 256}, {"a" * 256: "b"}, {f"a{n}": "b" for n in range(31)}],
    ),
    "probe_interval_seconds": ([0, 1, 1.5, 60], [-1, 0.9, 61]),
    "metric_namespace": (["Custom/Redis", "a._-/#:1", "a" * 255], ["AWS/ElastiCache", "a b", "a" * 256]),
    "metric_resolution": (["standard", "high"], ["low"]),
}  # fmt: skip
# `true` has no other values in Terraform; the list is below.
OTHERS = {"redis_tls", "probes"}
# All but these a probe of a list can have, too, `metric_dimensions` as `dimensions`.
ONCE = ["probe_interval_seconds", "metric_namespace", "metric_resolution"]
IN_LIST = [variable for variable in AGREED if variable not in ONCE]
# What else has to be there for a value to be right.
WITH = {"redis_username": {"redis_secret_arn": SECRET}, "metric_resolution": {"create_health_check": False}}
# An endpoint of each kind of server, where nobody listens. What both kinds have is compared with the first.
ENDPOINTS = {
    "redis": {"redis_host": "127.0.0.1", "redis_port": 1},
    "postgres": {"postgres_host": "127.0.0.1", "postgres_port": 1, "postgres_secret_arn": SECRET},
}


def endpoint(variable):
    """What describes an endpoint of the kind of server that a variable is about."""
    return ENDPOINTS["postgres" if variable.startswith("postgres_") else "redis"]


def member(variable):
    """What a probe of the module's list has for it."""
    return "dimensions" if variable == "metric_dimensions" else variable


def as_program(variable):
    """What an object of the program's list has for it."""
    first, *others = member(variable).split("_")
    return first + "".join(word.capitalize() for word in others)


def probe(**settings):
    """What the program says to such an environment, and how it ends."""
    names = [name for name in settings if name.startswith("POSTGRES_")] or [""]
    environment = {
        # Where nobody waits, either.
        **{"PATH": os.environ["PATH"], "CONNECT_TIMEOUT_SECONDS": "0.05"},
        **{name.upper(): str(value) for name, value in endpoint(names[0].lower()).items()},
        **{"AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_MAX_ATTEMPTS": "1"},
        **{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_EC2_METADATA_DISABLED": "true"},
        **{name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()},
    }
    return subprocess.run([PRODUCTS / "promoter", "probe"], env=environment, capture_output=True, text=True, timeout=60)


def complaints(**settings):
    """The variables that the program refuses to start with; none where it probes in vain."""
    result = probe(**settings)
    assert result.returncode in (1, 64), result.stderr
    return set(re.findall(r"^promoter: ([A-Z_]+(?:\[\d\]\.\w+)?)", result.stderr, re.M)) if result.returncode == 64 else set()


def test_what_the_module_sets_is_what_is_compared():
    source = (MODULE / "environment.tf").read_text()
    assert {name.lower() for name in re.findall(r"^    ([A-Z_]+) += ", source, re.M)} == {*AGREED, *OTHERS}
    entries = set(re.findall(r"^    ([a-z]\w+) += .*\bprobe\.", source, re.M))
    assert entries == {"name", "redisTls", *(as_program(variable) for variable in IN_LIST)}
    known = re.search(r"allowed are ([\w, ]+)", probe(PROBES=[{"nobodyKnowsThis": 1}]).stderr)
    assert entries == set(known[1].split(", "))


@pytest.mark.parametrize("variable", AGREED)
def test_the_program_takes_and_refuses(variable):
    accepted, refused = AGREED[variable]
    name = variable.upper()
    settings = {key.upper(): value for key, value in WITH.get(variable, {}).items()}
    for value in accepted:
        assert complaints(**settings, **{name: value}) == set(), value
    for value in refused:
        assert complaints(**settings, **{name: value}) == {name}, value


@pytest.mark.parametrize("variable", IN_LIST)
def test_the_program_takes_and_refuses_in_a_list(variable):
    accepted, refused = AGREED[variable]
    settings = {as_program(key): value for key, value in WITH.get(variable, {}).items()}
    settings = {"name": "a", **{as_program(key): value for key, value in endpoint(variable).items()}, **settings}
    lists = lambda value: [{**settings, as_program(variable): value}]  # noqa: E731
    for value in accepted:
        assert complaints(PROBES=lists(value)) == set(), value
    for value in refused:
        assert complaints(PROBES=lists(value)) == {f"PROBES[0].{as_program(variable)}"}, value


ONE = {"name": "a", "redisHost": "127.0.0.1"}
DATABASE = {"name": "a", "postgresHost": "127.0.0.1"}
# What the module refuses of several together; its own tests say that it does.
TOGETHER = {
    "a_name_twice": ({"PROBES": [ONE, {**ONE, "dimensions": {"a": "b"}}]}, "PROBES[1].name"),
    "two_probes_in_one_metric": (
        {"PROBES": [{**ONE, "dimensions": {"a": "b"}}, {**ONE, "name": "b", "dimensions": {"a": "b"}}]}, "PROBES[1].dimensions"
    ),
    "a_user_without_a_password": ({"REDIS_USERNAME": "probe"}, "REDIS_USERNAME"),
    "a_user_of_a_list_without_a_password": ({"PROBES": [{**ONE, "redisUsername": "probe"}]}, "PROBES[0].redisUsername"),
    "certificates_without_tls": ({"REDIS_TLS": False, "REDIS_CA_BUNDLE": "/opt/ca.pem"}, "REDIS_CA_BUNDLE"),
    "a_name_for_the_certificate_without_tls": ({"REDIS_TLS": False, "REDIS_TLS_SERVER_NAME": "redis.invalid"}, "REDIS_TLS_SERVER_NAME"),
    "two_servers": ({"POSTGRES_HOST": "127.0.0.1", "REDIS_HOST": "127.0.0.1"}, "POSTGRES_HOST"),
    "a_database_without_a_login": ({"POSTGRES_SECRET_ARN": ""}, "POSTGRES_SECRET_ARN"),
    "certificates_that_nobody_looks_at": ({"POSTGRES_TLS_MODE": "require", "POSTGRES_CA_BUNDLE": "/opt/ca.pem"}, "POSTGRES_CA_BUNDLE"),
    "a_name_for_a_certificate_that_nobody_looks_at": (
        {"POSTGRES_TLS_MODE": "disable", "POSTGRES_TLS_SERVER_NAME": "db.invalid"}, "POSTGRES_TLS_SERVER_NAME"
    ),
    "two_servers_in_one_of_a_list": ({"PROBES": [{**ONE, **DATABASE, "postgresSecretArn": SECRET}]}, "PROBES[0].postgresHost"),
    "a_database_of_a_list_without_a_login": ({"PROBES": [DATABASE]}, "PROBES[0].postgresSecretArn"),
    "a_setting_of_redis_for_a_database": ({"PROBES": [{**DATABASE, "postgresSecretArn": SECRET, "redisPort": 1}]}, "PROBES[0].redisPort"),
    "a_setting_of_a_database_for_redis": ({"PROBES": [{**ONE, "postgresProbe": "read"}]}, "PROBES[0].postgresProbe"),
    "certificates_of_all_where_one_has_no_tls": ({"PROBES": [{**ONE, "redisTls": False}], "REDIS_CA_BUNDLE": "/opt/ca.pem"}, "REDIS_CA_BUNDLE"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOGETHER)
def test_the_program_refuses_together(case):
    settings, variable = TOGETHER[case]
    assert complaints(**settings) == {variable}


# --- The module ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def refusals(tmp_path_factory):
    """Call → the variables that its validations refuse, for all `calls()` at once."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform is not installed")
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", ".", "http://127.0.0.1:1")
    for given in (terraform.folder / "tests").glob("*.hcl"):
        given.unlink()
    (terraform.folder / "calls.tf").write_text("".join(
        f'module "{name}" {{\n  source = "./modules/probe"\n'
        + "".join(f"  {variable} = {json.dumps(value)}\n" for variable, value in {"package_file": "versions.tf", **settings}.items())
        + "}\n" for name, (settings, _) in calls().items()
    ))  # fmt: skip
    terraform.init()
    found = {}
    for diagnostic in json.loads(terraform("validate", "-json", accepted=(0, 1)).stdout)["diagnostics"]:
        assert diagnostic["summary"] == "Invalid value for variable", diagnostic
        call = re.fullmatch(r'module "(\w+)"', diagnostic["snippet"]["context"])[1]
        found.setdefault(call, set()).add(diagnostic["snippet"]["code"].split()[0])
    return found


def calls():
    """Name → settings of a call of the module, and the variables that it has to refuse."""
    found = {}
    # Many variables in one call, each of which is judged by itself; one of a mode of TLS is looked at by others.
    mode = "postgres_tls_mode"
    groups = {
        "redis": [name for name in AGREED if not name.startswith("postgres_")],
        "postgres": [name for name in AGREED if name.startswith("postgres_") and name != mode],
        "mode": [mode],
    }
    for group, names in groups.items():
        for kind in [0, 1]:
            for place in range(max(len(AGREED[name][kind]) for name in names)):
                values = {name: AGREED[name][kind][place] for name in names if place < len(AGREED[name][kind])}
                needed = {key: value for name in values for key, value in WITH.get(name, {}).items()}
                call = f"{group}_{'refused' if kind else 'accepted'}_{place}"
                found[call] = {**endpoint(names[0]), **needed, **values}, set(values) if kind else set()
    accepted = [(name, value) for name in IN_LIST for value in AGREED[name][0]]
    found["accepted_in_list"] = {"probes": [entry(f"a{n}", *case) for n, case in enumerate(accepted)]}, set()
    refused = [(name, value) for name in IN_LIST for value in AGREED[name][1]]
    # Of a list one that is wrong is enough: here each has to be.
    found.update({f"refused_in_list_{n}": ({"probes": [entry("a", *case)]}, {"probes"}) for n, case in enumerate(refused)})
    return found


def entry(name, variable, value):
    return {"name": name, **endpoint(variable), **WITH.get(variable, {}), member(variable): value}


@pytest.mark.parametrize("call", calls())
def test_the_module_takes_and_refuses_the_same(refusals, call):
    settings, expected = calls()[call]
    assert refusals.get(call, set()) == expected, settings
