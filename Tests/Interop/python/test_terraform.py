"""Deploys as the README says, with `make deploy`, to moto's AWS, and reads back what was made with boto3.

What runs are the very lines of the README's section Deploy, in a copy of the checkout. Left out are only `make package`
(this is about Terraform; a zip of the right name stands in where none was built) and `aws …` (moto cannot run the
function; that the lines name what is there is checked).
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import zipfile

import boto3
import pytest
from local_aws import PRODUCTS, ROOT
from moto.server import ThreadedMotoServer
from terraform import LESS_GARBAGE_COLLECTION

REGIONS = ["us-east-1", "us-west-2"]
ACCOUNT = "123456789012"  # moto's
ZONE = "Z0LOCALPROMOTER"  # local-aws's
EXAMPLE = pathlib.Path("terraform/examples/existing")


def commands():
    """The shell lines of the section Deploy, without their comments."""
    section = re.search(r"^## Deploy\n(.*?)^## ", (ROOT / "README.md").read_text(), re.M | re.S)
    assert section, "README.md has no section Deploy"
    blocks = re.findall(r"^```sh\n(.*?)^```", section[1], re.M | re.S)
    return [line.split(" #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


def copy_checkout(checkout):
    """What make and Terraform need of the checkout."""
    for file in ["Makefile", "LICENSE"]:
        shutil.copy(ROOT / file, checkout)
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    # Neither a state nor a provider of somebody who works in the checkout.
    working_files = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfvars")
    shutil.copytree(ROOT / "terraform", checkout / "terraform", ignore=working_files)


def own_environment(checkout):
    """The environment of a copy of the checkout: nothing of the user's but where programs and the provider are."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout),
        "GOGC": LESS_GARBAGE_COLLECTION,
        # Not to download the provider again.
        "TF_PLUGIN_CACHE_DIR": os.environ.get("TF_PLUGIN_CACHE_DIR", str(ROOT / ".build" / "terraform-plugins")),
        **{name: os.environ[name] for name in ["TF_PLUGIN_DIR"] if name in os.environ},
    }


class Deployment:
    def __init__(self, checkout, endpoint, editor):
        self.checkout, self.endpoint = checkout, endpoint
        self.environment = {
            **own_environment(checkout),
            "EDITOR": editor,
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
        }

    def run(self, command, answer="", succeeds=True):
        result = subprocess.run(
            command, shell=True, cwd=self.checkout, env=self.environment, input=answer, capture_output=True, text=True,
            timeout=300,
        )  # fmt: skip
        assert not succeeds or result.returncode == 0, f"{command}:\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
        return result

    def client(self, service, region):
        return boto3.client(
            service, region_name=region, endpoint_url=self.endpoint, aws_access_key_id="test", aws_secret_access_key="test"
        )


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    if not shutil.which("terraform"):
        pytest.fail("Terraform 1.9 or later is needed: see https://developer.hashicorp.com/terraform/install")
    checkout = tmp_path_factory.mktemp("checkout")
    copy_checkout(checkout)
    (checkout / "dist").mkdir()
    package = "dist/promoter-x86_64.zip"
    if (ROOT / package).exists():
        shutil.copy(ROOT / package, checkout / package)
    else:
        with zipfile.ZipFile(checkout / package, "w") as archive:
            archive.writestr("bootstrap", "stands in for the program")
    # What somebody would do in an editor: their own zone, no dry run, and the topics that are commented out.
    editor = checkout / "editor"
    edits = f"-e s/Z0123456789ABCDEFGHIJ/{ZONE}/ -e /dry_run/d -e '/^# alarm_actions/,/^# }}/s/^# //' -e '/^# notify_topic_arns/,/^# }}/s/^# //'"
    editor.write_text(f'#!/bin/sh\nexec sed -i {edits} "$1"\n')
    editor.chmod(0o755)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield Deployment(checkout, f"http://{host}:{port}", str(editor))
    server.stop()


@pytest.fixture(scope="module")
def deployed(deployment):
    """The README's way, up to and including `make deploy`."""
    for command in commands():
        if command.startswith(("make package", "aws ")):
            continue
        if command == "make destroy":
            break
        deployment.run(command, answer="yes\n")
    return deployment


def test_without_tfvars_the_message_says_what_to_do(deployment):
    if (deployment.checkout / EXAMPLE / "terraform.tfvars").exists():
        pytest.fail("this test has to be the first")
    for target in ["deploy", "destroy"]:
        result = deployment.run(f"make {target}", succeeds=False)
        assert result.returncode != 0
        assert "terraform.tfvars.example to terraform/examples/existing/terraform.tfvars" in result.stderr


def test_without_terraform_the_message_says_where_to_get_it(deployment, tmp_path):
    for tool in ["bash", "dirname", "env"]:
        (tmp_path / tool).symlink_to(shutil.which(tool))
    for command in ["fmt", "validate", "test", "deploy", "destroy"]:
        result = deployment.run(f"PATH={tmp_path} .ci/terraform {command}", succeeds=False)
        assert result.returncode != 0
        assert "https://developer.hashicorp.com/terraform/install" in result.stderr


def test_make_deploy_makes_nothing_without_a_yes(deployment):
    shutil.copy(deployment.checkout / EXAMPLE / "terraform.tfvars.example", deployment.checkout / EXAMPLE / "terraform.tfvars")
    result = deployment.run("make deploy", answer="no\n", succeeds=False)
    assert result.returncode != 0
    assert "Enter a value" in result.stdout
    assert deployment.client("lambda", "us-east-1").list_functions()["Functions"] == []
    (deployment.checkout / EXAMPLE / "terraform.tfvars").unlink()


def test_a_misspelt_name_is_refused_before_anything_is_made(deployment):
    settings = deployment.checkout / EXAMPLE / "terraform.tfvars"
    example = (deployment.checkout / EXAMPLE / "terraform.tfvars.example").read_text()
    settings.write_text(re.sub("^dry_run", "dryrun", example, flags=re.M))
    result = deployment.run("make deploy", answer="yes\n", succeeds=False)
    assert result.returncode != 0
    assert '"dryrun"' in result.stderr and "variables.tf" in result.stderr
    assert deployment.client("lambda", "us-east-1").list_functions()["Functions"] == []
    settings.unlink()


def environment(region):
    return {
        "HOSTED_ZONE_ID": ZONE,
        "DNS_NAME": "app.example.com",
        "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
        "CONFIRMATIONS": "2",
        "HOLD_DOWN_SECONDS": "300",
        "PROMOTE_IN_STATUS": "available",
        "CACHE_MAX_AGE_SECONDS": "300",
        "CHECK_INTERVAL_SECONDS": "1",
        "WHEN_LAG_UNKNOWN": "hold",
        "WHEN_FAILOVER_REFUSED": "hold",
        "DETACH_AFTER_SECONDS": "300",
        "PAUSE_PARAMETER": "/promoter/pause",
        "NOTIFY_TOPIC_ARN": f"arn:aws:sns:{region}:{ACCOUNT}:alerts",
        "ALERT_AFTER_SECONDS": "300",
        "METRICS": "on",
        "DRY_RUN": "false",
        "PAUSED": "false",
    }


@pytest.mark.parametrize("region", REGIONS)
def test_the_function(deployed, region):
    client = deployed.client("lambda", region)
    function = client.get_function_configuration(FunctionName="promoter")
    assert {name: function[name] for name in ["Runtime", "Handler", "Timeout", "MemorySize", "Architectures", "Role"]} == {
        "Runtime": "provided.al2023",
        "Handler": "promoter",
        "Timeout": 58,
        "MemorySize": 128,
        "Architectures": ["x86_64"],
        "Role": f"arn:aws:iam::{ACCOUNT}:role/promoter-{region}",
    }
    assert function["Environment"]["Variables"] == environment(region)
    assert client.get_function_concurrency(FunctionName="promoter")["ReservedConcurrentExecutions"] == 1
    invocations = client.get_function_event_invoke_config(FunctionName="promoter")
    assert (invocations["MaximumRetryAttempts"], invocations["MaximumEventAgeInSeconds"]) == (0, 60)


@pytest.mark.parametrize("region", REGIONS)
def test_the_function_that_carries_out_orders(deployed, region):
    client = deployed.client("lambda", region)
    function = client.get_function_configuration(FunctionName="promoter-operator")
    assert {name: function[name] for name in ["Runtime", "Handler", "Timeout", "Role", "CodeSha256"]} == {
        "Runtime": "provided.al2023",
        "Handler": "operator",
        "Timeout": 900,
        "Role": f"arn:aws:iam::{ACCOUNT}:role/promoter-operator-{region}",
        "CodeSha256": client.get_function_configuration(FunctionName="promoter")["CodeSha256"],
    }
    expected = environment(region)
    del expected["CHECK_INTERVAL_SECONDS"]
    assert function["Environment"]["Variables"] == expected
    assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName="promoter-operator")
    assert client.get_function_event_invoke_config(FunctionName="promoter-operator")["MaximumRetryAttempts"] == 0
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_policy(FunctionName="promoter-operator")


@pytest.mark.parametrize("region", REGIONS)
def test_the_parameters_say_that_nothing_is_paused_and_nothing_was_promoted(deployed, region):
    client = deployed.client("ssm", region)
    found = client.get_parameters(Names=["/promoter/pause", "/promoter/pause-history"])
    assert {p["Name"]: (p["Type"], p["Value"]) for p in found["Parameters"]} == {
        "/promoter/pause": ("String", "running"),
        "/promoter/pause-history": ("String", "[]"),
    }


@pytest.mark.parametrize(("region", "reason"), [("us-east-1", "inPlace"), ("us-west-2", "standby")])
def test_the_program_understands_the_environment_that_it_is_given(deployed, aws, region, reason):
    function = deployed.client("lambda", region).get_function_configuration(FunctionName="promoter")
    environment = {"PATH": os.environ["PATH"], **aws.environment, **function["Environment"]["Variables"], "AWS_REGION": region}
    check = subprocess.run(
        [PRODUCTS / "promoter", "check", "-o", "json"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert check.returncode == 0, check.stderr
    assert json.loads(check.stdout)["reason"] == reason


# The module's variables, which have the names of the program's: values that both must take, and values that both must
# refuse.
TARGETS = {"us-east-1": ["app.us-east-1.elb.amazonaws.com", "2001:db8::1"], "us-west-2": ["10.1.2.3"]}
AGREED = {
    "hosted_zone_id": (["Z1", "/hostedzone/Z1"], ["example.com", "Z" * 33]),
    "dns_name": (["App.example.com.", "_a.b"], ["localhost", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "global_datastore_id": (["LDGNF-a"], ["ldgnf_a", "arn:aws"]),
    "record_regions": ([{"blue": "us-gov-west-1"}], [{"blue": "use1"}, {"blue": "us-east-10"}, {"blue": "us-esat-1"}]),
    "record_targets": ([TARGETS], [
        {"use1": ["10.1.2.3"]}, {"us-esat-1": ["10.1.2.3"]}, {"us-east-1": []}, {"us-east-1": ["localhost"]},
        {"us-east-1": ["10.1.2.3/32"]}, {"us-east-1": ["10.1.2.300"]},
    ]),
    "confirmations": ([1, 100], [0, 101, 1.5]),
    "hold_down_seconds": ([0, 0.5, 86400], [-1, 86401]),
    "promote_in_status": ([["available", "creating", "deleting", "modifying", "primary-only"]], [["ready"], ["available", "ready"]]),
    "cache_max_age_seconds": ([0, 0.5, 86400], [-1, 86401]),
    "check_interval_seconds": ([0, 0.2, 300], [0.1, 301, -1]),
    "max_replication_lag_seconds": ([0, 0.5, 86400], [-1, 86401]),
    "when_lag_unknown": (["promote", "hold"], ["wait"]),
    "when_failover_refused": (["hold", "detach"], ["promote"]),
    "detach_after_seconds": ([180, 86400], [179, 86401]),
    "global_cluster_id": (["orders", "O-1"], ["a_b", "a" * 64]),
    "aurora_action": (["failover", "switchover", "detach", "failover-then-detach"], ["promote"]),
    "promote_order": (["together", "cluster-first", "datastore-first"], ["first"]),
    "pause_parameter": (["pause", "/a/b.c-d_e", "/" + 1002 * "a"], ["a/b", "/a/", "a b", "/" + 1003 * "a"]),
    "notify_topic_arn": (["arn:aws-cn:sns:cn-north-1:123456789012:a"], ["alerts", "arn:aws:sqs:us-east-1:123456789012:a", "arn:aws:sns:use1:123456789012:a", "arn:aws:sns:us-east-1:123456789012:a.fifo"]),
    "alert_after_seconds": ([0, 0.5, 86400], [-1, 86401]),
    "primary_record_name": (["redis.example.internal", "_a.B."], ["redis", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "writer_record_name": (["w.example.internal", "_a.B."], ["w", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "reader_record_name": (["r.example.internal", "_b.B."], ["r", "a..b", f"{'a' * 64}.example.com", "10.1.2.3"]),
    "primary_endpoint": (["master.rg.abc123.use1.cache.amazonaws.com"], ["redis", "10.1.2.3", "redis.example.com:6379"]),
    "record_ttl_seconds": ([1, 86400], [0, 86401, 1.5]),
}  # fmt: skip
# What has to be there for a value to be right, or wrong by itself.
WITH = {"primary_endpoint": {"primary_record_name": "redis.example.internal"}, "record_ttl_seconds": {"primary_record_name": "redis.example.internal"}, "writer_record_name": {"global_cluster_id": "orders"}, "reader_record_name": {"global_cluster_id": "orders"}, "aurora_action": {"global_cluster_id": "orders"}, "promote_order": {"global_cluster_id": "orders", "global_datastore_id": "ldgnf-sessions"}}
# `true` and `on` have no other values in Terraform; lists of watches are below.
WORDS = {"metrics", "dry_run", "paused", "watches", "watches_file"}


def complaints(aws, **settings):
    """The variables that the program refuses to start with, and all that it says of them."""
    environment = {"PATH": os.environ["PATH"], **aws.environment, "DRY_RUN": "true", "PAUSE_PARAMETER": "pause", **settings}
    check = subprocess.run([PRODUCTS / "promoter", "check"], env=environment, capture_output=True, text=True, timeout=60)
    return set(re.findall(r"^promoter: ([A-Z_]+)", check.stderr, re.M)) if check.returncode == 64 else set(), check.stderr


def as_text(value):
    if isinstance(value, dict):
        return json.dumps(value)
    return ",".join(value) if isinstance(value, list) else str(value)


def test_what_the_module_sets_is_what_is_compared_with_the_program():
    source = (ROOT / "terraform/modules/promoter/environment.tf").read_text()
    assert {name.lower() for name in re.findall(r"^    ([A-Z_]+) += ", source, re.M)} == {*AGREED, *WORDS}


@pytest.mark.parametrize("variable", AGREED)
def test_the_program_takes_and_refuses(aws, variable):
    accepted, refused = AGREED[variable]
    name = variable.upper()
    if variable in {"primary_record_name", *WITH} and "PRIMARY_RECORD_NAME" not in complaints(aws, PRIMARY_RECORD_NAME="redis")[0]:
        pytest.skip("this program changes no record after a promotion")
    settings = {key.upper(): value for key, value in WITH.get(variable, {}).items()}
    for value in accepted:
        assert name not in complaints(aws, **settings, **{name: as_text(value)})[0], value
    for value in refused:
        assert name in complaints(aws, **settings, **{name: as_text(value)})[0], value


def test_the_module_takes_and_refuses_the_same(tmp_path):
    # A validation that looks at another variable is not judged where that one is wrong, so some come by themselves.
    alone = ["record_targets", "primary_record_name", "primary_endpoint", "global_datastore_id", "aurora_action", "promote_order", "writer_record_name", "reader_record_name"]
    groups = [[name for name in AGREED if name not in alone], *([name] for name in alone)]
    runs = [
        (f"{kind}_{number}_{place}", kind, {name: AGREED[name][kind == "refused"][place] for name in group if place < len(AGREED[name][kind == "refused"])})
        for kind in ["accepted", "refused"]
        for number, group in enumerate(groups)
        for place in range(max(len(AGREED[name][kind == "refused"]) for name in group))
    ]  # fmt: skip
    copy_checkout(tmp_path)
    beginning = (tmp_path / "terraform/tests/promoter.tftest.hcl").read_text().split("\nrun ")[0]
    blocks = [run_block(*run) for run in runs]
    (tmp_path / "terraform/tests/agreement.tftest.hcl").write_text("\n".join([beginning, *blocks]))
    result = subprocess.run(
        [".ci/terraform", "test", "-filter=tests/agreement.tftest.hcl"],
        cwd=tmp_path, env=own_environment(tmp_path), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert result.stdout.endswith(f"terraform test: {len(runs)} passed, 0 failed\n"), result.stdout[-6000:] + result.stderr[-2000:]


def run_block(name, kind, values):
    needed = {key: value for variable in values for key, value in WITH.get(variable, {}).items()}
    settings = "".join(f"    {variable} = {json.dumps(value)}\n" for variable, value in {"schedule_minutes": 15, **needed, **values}.items())
    failures = f"  expect_failures = [{', '.join(f'var.{variable}' for variable in values)}]\n" if kind == "refused" else ""
    return (
        f'run "{name}" {{\n  command = plan\n  module {{\n    source = "./modules/promoter"\n  }}\n'
        f"  variables {{\n{settings}  }}\n{failures}}}\n"
    )


def test_a_watch_of_the_module_has_all_that_the_program_knows_of_one(aws):
    refused, words = complaints(aws, WATCHES='[{"nobodyKnowsThis":1}]')
    known = set(re.search(r"allowed are ([\w, ]+)", words)[1].split(", "))
    source = (ROOT / "terraform/modules/promoter/environment.tf").read_text()
    # Records of several primaries are what the module endpoints is for.
    known -= {"primaryRecordName", "primaryEndpoint", "writerRecordName", "readerRecordName", "recordTtlSeconds"}
    assert refused and set(re.findall(r"^    (\w+) += .*\bwatch\.\w+", source, re.M)) == known


@pytest.mark.parametrize("region", REGIONS)
def test_the_schedule_may_start_the_function_and_nobody_else(deployed, region):
    events = deployed.client("events", region)
    rule = events.describe_rule(Name="promoter")
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    (target,) = events.list_targets_by_rule(Rule="promoter")["Targets"]
    assert target["Arn"] == f"arn:aws:lambda:{region}:{ACCOUNT}:function:promoter"
    assert json.loads(target["Input"]) == {"source": "schedule"}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    policy = json.loads(deployed.client("lambda", region).get_policy(FunctionName="promoter")["Policy"])
    (statement,) = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": rule["Arn"]}}


@pytest.mark.parametrize("region", REGIONS)
def test_the_role_may_do_what_promoting_takes_and_no_more(deployed, region):
    parameter = f"arn:aws:ssm:{region}:{ACCOUNT}:parameter/promoter/pause"
    common = [
        ("Allow", {"route53:ListResourceRecordSets"}, {f"arn:aws:route53:::hostedzone/{ZONE}"}),
        (
            "Allow",
            {"elasticache:DescribeGlobalReplicationGroups", "elasticache:FailoverGlobalReplicationGroup"},
            {f"arn:aws:elasticache::{ACCOUNT}:globalreplicationgroup:ldgnf-sessions"},
        ),
        ("Allow", {"sns:Publish"}, {f"arn:aws:sns:{region}:{ACCOUNT}:alerts"}),
    ]

    def own_log(name):
        return ("Allow", {"logs:CreateLogStream", "logs:PutLogEvents"}, {f"arn:aws:logs:{region}:{ACCOUNT}:log-group:/aws/lambda/{name}:*"})

    assert statements(deployed, "promoter", region) == [
        *common,
        own_log("promoter"),
        ("Allow", {"ssm:GetParameter"}, {parameter, f"{parameter}-history"}),
        ("Allow", {"ssm:PutParameter"}, {f"{parameter}-history"}),
    ]
    assert statements(deployed, "promoter-operator", region) == [
        *common,
        own_log("promoter-operator"),
        ("Allow", {"cloudwatch:GetMetricData", "cloudwatch:ListMetrics"}, {"*"}),
        ("Allow", {"ssm:GetParameter", "ssm:PutParameter"}, {parameter, f"{parameter}-history"}),
    ]


def statements(deployed, function, region):
    """Effect, actions and resources of each statement of all that a function's role may do."""
    iam = deployed.client("iam", region)
    role = f"{function}-{region}"
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == [function]
    policy = iam.get_role_policy(RoleName=role, PolicyName=function)["PolicyDocument"]
    as_set = lambda value: {value} if isinstance(value, str) else set(value)  # noqa: E731
    return [(s["Effect"], as_set(s["Action"]), as_set(s["Resource"])) for s in policy["Statement"]]


@pytest.mark.parametrize("region", REGIONS)
def test_log_and_alarms(deployed, region):
    logs = deployed.client("logs", region)
    groups = {group["logGroupName"]: group["retentionInDays"] for group in logs.describe_log_groups()["logGroups"]}
    assert groups == {"/aws/lambda/promoter": 30, "/aws/lambda/promoter-operator": 30}
    filters = logs.describe_metric_filters(logGroupName="/aws/lambda/promoter")["metricFilters"]
    transformations = {f["filterName"]: f["metricTransformations"] for f in filters}
    alarms = {a["AlarmName"]: a for a in deployed.client("cloudwatch", region).describe_alarms()["MetricAlarms"]}
    assert {name: (a["MetricName"], a["Threshold"], a["Period"], a["TreatMissingData"]) for name, a in alarms.items()} == {
        "promoter-errors": ("Errors", 0, 60, "notBreaching"),
        "promoter-missing": ("Invocations", 1, 60, "breaching"),
        "promoter-blind": ("promoter-holds-blindly", 0, 60, "notBreaching"),
        "promoter-unready": ("promoter-not-ready", 0, 3600, "notBreaching"),
        "promoter-stuck": ("promoter-promotion-stuck", 0, 3600, "notBreaching"),
        "promoter-failed": ("promoter-promotion-failed", 0, 3600, "notBreaching"),
    }
    topic = [f"arn:aws:sns:{region}:{ACCOUNT}:alerts"]
    assert all(a["AlarmActions"] == topic and a["OKActions"] == topic for a in alarms.values())
    for name in ["promoter-blind", "promoter-unready", "promoter-stuck", "promoter-failed"]:
        alarm = alarms.pop(name)
        (transformation,) = transformations[alarm["MetricName"]]
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]) == (
            transformation["metricNamespace"],
            transformation["metricName"],
            [],
        )
    assert all(a["Dimensions"] == [{"Name": "FunctionName", "Value": "promoter"}] for a in alarms.values())


def test_the_log_line_of_a_function_that_could_not_promote_is_the_one_that_rings(deployed, aws):
    filters = deployed.client("logs", "us-west-2").describe_metric_filters(filterNamePrefix="promoter-not-ready")["metricFilters"]
    level, reason = re.fullmatch(r'\{ \$\.level = "(\w+)" && \$\.reason = "(\w+)" \}', filters[0]["filterPattern"]).groups()
    environment = {
        **{"PATH": os.environ["PATH"], **aws.environment, "AWS_REGION": "us-west-2", "GLOBAL_DATASTORE_ID": "ldgnf-others"},
        # Nobody is there: it ends after its start.
        **{"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1", "_HANDLER": "promoter", "AWS_LAMBDA_LOG_FORMAT": "JSON"},
    }
    function = subprocess.run([PRODUCTS / "bootstrap"], env=environment, capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in (function.stdout + function.stderr).splitlines()]
    assert [line for line in lines if line["level"] == level and line.get("reason") == reason], lines


def test_the_readmes_checks_name_what_is_there(deployed):
    checks = [shlex.split(command) for command in commands() if command.startswith("aws ")]
    assert checks, "the README does not say how to see that it works"
    for words in checks:
        region = words[words.index("--region") + 1]
        if "--function-name" in words:
            name = words[words.index("--function-name") + 1]
            assert deployed.client("lambda", region).get_function(FunctionName=name)
        else:
            assert words[:3] == ["aws", "logs", "tail"]
            assert deployed.client("logs", region).describe_log_groups(logGroupNamePrefix=words[3])["logGroups"]


def test_a_second_plan_changes_nothing(deployed):
    # What people and the function write into the parameters is no difference.
    ssm = deployed.client("ssm", "us-west-2")
    ssm.put_parameter(Name="/promoter/pause", Value="paused", Overwrite=True, Type="String")
    ssm.put_parameter(Name="/promoter/pause-history", Value='[{"outcome":"finished"}]', Overwrite=True, Type="String")
    plan = deployed.run(f"terraform -chdir={EXAMPLE} plan -input=false -out=again.tfplan && terraform -chdir={EXAMPLE} show -json again.tfplan")
    changes = json.loads(plan.stdout.splitlines()[-1])["resource_changes"]
    assert len(changes) > 20
    for change in changes:
        if change["change"]["actions"] == ["no-op"]:
            continue
        # moto forgets how a function logs.
        assert change["type"] == "aws_lambda_function", change["address"]
        before, after = change["change"]["before"], change["change"]["after"]
        differing = {name for name in after if name in before and before[name] != after[name]}
        assert differing <= {"logging_config"}, f"{change['address']}: {differing}"


def test_a_package_that_was_built_on_an_arm_machine_is_deployed_as_such(deployed):
    built = deployed.checkout / "dist/promoter-x86_64.zip"
    arm = built.rename(deployed.checkout / "dist/promoter-arm64.zip")
    plan = deployed.run(f"terraform -chdir={EXAMPLE} plan -input=false -out=arm.tfplan && terraform -chdir={EXAMPLE} show -json arm.tfplan")
    arm.rename(built)
    functions = [
        change["change"]["after"]
        for change in json.loads(plan.stdout.splitlines()[-1])["resource_changes"]
        if change["type"] == "aws_lambda_function"
    ]
    assert [(f["architectures"], f["filename"].split("/")[-1]) for f in functions] == [(["arm64"], "promoter-arm64.zip")] * 4


def test_make_destroy_leaves_nothing(deployed):
    assert commands()[-1] == "make destroy"
    deployed.run("make destroy", answer="yes\n")
    for region in REGIONS:
        assert deployed.client("lambda", region).list_functions()["Functions"] == []
        assert deployed.client("events", region).list_rules()["Rules"] == []
        assert deployed.client("logs", region).describe_log_groups()["logGroups"] == []
        assert deployed.client("ssm", region).describe_parameters()["Parameters"] == []
        assert deployed.client("cloudwatch", region).describe_alarms()["MetricAlarms"] == []
        assert [r for r in deployed.client("iam", region).list_roles()["Roles"] if "promoter" in r["RoleName"]] == []
