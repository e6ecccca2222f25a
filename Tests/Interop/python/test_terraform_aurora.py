"""Applies the module aurora to moto's AWS, and has moto's interpreter of the Amazon States Language, which nobody here
wrote, carry its state machines out. statelint judges the definitions when Terraform plans, in AWS's place.

The functions are scripted: what an order comes to, or what Lambda says instead. Nothing waits: an interval is noted.
"""

import json
import os
import re
import shutil
import time
import urllib.request
from types import SimpleNamespace
from urllib.parse import unquote

import boto3
import pytest
from local_aws import PRODUCTS, LocalAWS
from moto.awslambda.responses import LambdaResponse
from moto.core.config import default_user_config
from moto.core.responses import ActionResult
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends
from moto.sns.responses import SNSResponse
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.responses import StepFunctionResponse
from rie import Emulator
from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType
from terraform import Terraform

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not installed")

ACCOUNT = "123456789012"  # moto's
REGION, OTHER = "us-west-2", "us-east-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:promoter"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
LEAST = {"operator_function_arn": f"{FUNCTION}-operator"}
ALL = {**LEAST, "promoter_function_arn": FUNCTION, "notify_topic_arn": TOPIC, "watch": "orders", "group": "orders-global", "maximum_lag_seconds": 5}


# --- What the functions say ----------------------------------------------------------------------------------------


def status(role):
    """As the operator function answers, of a cluster and a datastore that follow one name."""
    members = [{"id": "b", "region": OTHER, "role": "SECONDARY", "status": "connected"}, {"id": "a", "region": REGION, "role": role, "status": "connected"}]
    datastore = [{"id": "c", "region": REGION, "role": "SECONDARY", "status": "associated"}]
    return {"command": "status", "watches": [
        {"watch": "orders", "region": REGION, "globalCluster": {"id": "orders-global", "status": "available", "members": members}},
        {"watch": "orders", "region": REGION, "globalDatastore": {"id": "ldgnf-orders", "status": "available", "members": datastore}},
    ]}  # fmt: skip


def order(command, outcome):
    return {"command": command, "outcome": outcome, "watches": [{"watch": "orders", "outcome": outcome, "region": REGION}]}


def failure(kind, message="as scripted"):
    """What a function fails with."""
    return 200, {"x-amz-function-error": "Unhandled"}, {"errorType": kind, "errorMessage": message}


def service(code, http):
    """What Lambda itself answers in a function's place."""
    return http, {"x-amzn-errortype": code}, {"Message": "as scripted"}


THROTTLED = service("TooManyRequestsException", 429)
BROKEN = service("ServiceException", 500)
REFUSED = failure("Function.OrderNotCarriedOut", "switchover not carried out: the group is modifying, not available")
KILLED = failure("Sandbox.Timedout")
STANDBY, WRITER = status("SECONDARY"), status("PRIMARY")
CHECKED = {"decision": "hold", "reason": "inPlace"}


# --- The AWS that it runs on -----------------------------------------------------------------------------------------


class World:
    """moto's AWS with functions that say what they are told to."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.script, self.calls, self.waits, self.mute, self.executions = {}, [], [], False, 0
        # Functions that are not scripted: AWS's own emulator runs them.
        self.programs = {}

    def client(self, name):
        return boto3.client(name, region_name=REGION, endpoint_url=self.endpoint, aws_access_key_id="test", aws_secret_access_key="test")

    def answer(self, function, payload):
        """Of the script of a command, one after the other; the last one again and again."""
        command = payload.get("command", "check")
        self.calls.append((function, payload))
        if function in self.programs:
            _, body = self.programs[function].invoke(json.dumps(payload).encode())
            error = {"x-amz-function-error": "Unhandled"} if b'"errorType"' in body else {}
            return 200, {"content-type": "application/json", **error}, body
        answers = self.script[command]
        said = answers.pop(0) if len(answers) > 1 else answers[0]
        code, headers, body = said if isinstance(said, tuple) else (200, {}, said)
        return code, {"content-type": "application/json", "status": code, **headers}, json.dumps(body)

    def commands(self):
        return [payload.get("command", "check") for _, payload in self.calls]

    def told(self):
        return [(subject, message) for _, message, subject, *_ in sns_backends[ACCOUNT][REGION].topics[TOPIC].sent_notifications]

    def run(self, machine, **script):
        """How an execution ends."""
        self.script, self.calls, self.waits = {command: list(answers) for command, answers in script.items()}, [], []
        sns_backends[ACCOUNT][REGION].topics[TOPIC].sent_notifications.clear()
        # moto starts none while it remembers an execution, which it cannot copy.
        for known in stepfunctions_parser_backends[ACCOUNT][REGION].state_machines:
            known.executions.clear()
        states = self.client("stepfunctions")
        self.executions += 1
        execution = states.start_execution(stateMachineArn=machine, name=f"by-hand-{self.executions}", input='"of no interest"')["executionArn"]
        until = time.monotonic() + 60
        while (found := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < until, self.calls
        return found


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    world = World(f"http://{host}:{port}")
    # Where the interpreter sends what a state machine calls.
    patch.setenv("MOTO_PORT", str(port))
    patch.setitem(default_user_config["stepfunctions"], "execute_state_machine", True)

    def validate(self):
        # It does not know that a path may filter, which AWS documents: amazon-states-language-paths.html.
        definition = re.sub(r"\[\?\(@[.]region == '[a-z0-9-]+'\)\]", "[*]", self._get_param("definition"))
        # To Terraform, 2 and 2.0 are the same number.
        problems = Linter.validate(definition, Config(ignored_problem_types={ProblemType.FLOAT}))
        found = [{"severity": "ERROR", "code": "STATELINT", "message": problem} for problem in problems]
        return ActionResult({"result": "FAIL" if found else "OK", "diagnostics": found, "truncated": False})

    def invoke(self):
        return world.answer(unquote(self.path.rsplit("/", 2)[-2]).split(":function:")[-1], json.loads(self.body))

    publish = SNSResponse.publish

    def publish_or_not(self):
        assert not world.mute, "nobody is to be told"
        return publish(self)

    patch.setattr(StepFunctionResponse, "validate_state_machine_definition", validate, raising=False)
    versions = lambda self: ActionResult({"stateMachineVersions": []})  # noqa: E731
    patch.setattr(StepFunctionResponse, "list_state_machine_versions", versions, raising=False)
    # A filter that nothing passes yields an empty list in AWS, and an error in moto.
    patch.setattr(json_path, "_contains_slice_or_wildcard_array", lambda path: "[*]" in path)
    patch.setattr(LambdaResponse, "invoke", invoke)
    patch.setattr(SNSResponse, "publish", publish_or_not)
    patch.setattr(WaitFunction, "_wait_interval", lambda self, env, wait_seconds: world.waits.append(wait_seconds))
    patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: world.waits.append(seconds)))
    world.client("sns").create_topic(Name="alerts")
    yield world
    # moto's state is the process's, and other tests look at all topics and log groups.
    urllib.request.urlopen(urllib.request.Request(f"{world.endpoint}/moto-api/reset", method="POST")).close()
    server.stop()
    patch.undo()


@pytest.fixture(scope="module")
def terraform(world, tmp_path_factory):
    terraform = Terraform(tmp_path_factory.mktemp("terraform") / "copy", "modules/aurora", world.endpoint)
    terraform.environment["AWS_REGION"] = REGION
    terraform.init()
    return terraform


@pytest.fixture(scope="module")
def deployed(terraform):
    """The outputs of the module with all that it can be given."""
    terraform("apply", "-no-color", "-auto-approve", **ALL)
    return {name: output["value"] for name, output in json.loads(terraform("output", "-json").stdout).items()}


@pytest.fixture(scope="module")
def machines(deployed):
    return deployed["state_machine_arns"]


@pytest.fixture(scope="module")
def bare(world, terraform):
    """The state machines of the module with the least that it can be given."""
    definitions = terraform.plan("-state=none.tfstate", **LEAST)["planned_values"]["outputs"]["definitions"]["value"]
    states = world.client("stepfunctions")
    role = f"arn:aws:iam::{ACCOUNT}:role/states"
    return {
        path: states.create_state_machine(name=f"bare-{path}", definition=definition, roleArn=role)["stateMachineArn"]
        for path, definition in definitions.items()
    }


# --- The planned way -----------------------------------------------------------------------------------------------------


def test_what_is_made_is_what_was_shown(world, deployed):
    states = world.client("stepfunctions")
    for path, arn in deployed["state_machine_arns"].items():
        machine = states.describe_state_machine(stateMachineArn=arn)
        assert machine["definition"] == deployed["definitions"][path]
        assert machine["roleArn"] == deployed["role_arn"]
        assert arn in deployed["start_commands"][path]


def test_a_switchover_is_ordered_once_verified_and_told(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY, WRITER], switchover=[order("switchover", "promoted")], check=[CHECKED])
    assert found["status"] == "SUCCEEDED"
    assert world.commands() == ["status", "switchover", "status", "check"]
    name = found["executionArn"].split(":")[-1]
    assert world.calls[1] == ("promoter-operator", {
        "command": "switchover", "to": REGION, "watch": "orders", "group": "orders-global", "maximumLagSeconds": 5,
        "by": f"promoter-aurora-switchover, execution {name}",
    })  # fmt: skip
    assert world.calls[0] == ("promoter-operator", {"command": "status", "watch": "orders"})
    assert world.calls[3] == ("promoter", {"source": "promoter-aurora-switchover"})
    ((subject, message),) = world.told()
    assert subject == f"promoter-aurora-switchover in {REGION}: done" and found["executionArn"] in message
    assert world.waits == []


def test_a_refused_switchover_is_not_ordered_again(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY], switchover=[REFUSED])
    assert (found["status"], found["error"]) == ("FAILED", "Function.OrderNotCarriedOut")
    assert json.loads(found["cause"])["errorMessage"] == REFUSED[2]["errorMessage"]
    assert world.commands() == ["status", "switchover"]
    ((subject, message),) = world.told()
    assert subject.endswith("FAILED") and REFUSED[2]["errorMessage"] in message and "Function.OrderNotCarriedOut" in message


@pytest.mark.parametrize("says", [THROTTLED, BROKEN])
def test_what_lambda_did_not_start_is_tried_again(world, machines, says):
    ended = world.run(
        machines["switchover"], status=[says, STANDBY, says, WRITER], switchover=[says, says, order("switchover", "promoted")],
        check=[CHECKED],
    )  # fmt: skip
    assert ended["status"] == "SUCCEEDED", ended["cause"]
    assert world.commands() == ["status"] * 2 + ["switchover"] * 3 + ["status"] * 2 + ["check"]
    assert world.waits == [2, 2, 4, 2]


def test_it_is_not_tried_for_ever(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY], switchover=[THROTTLED])
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.TooManyRequestsException")
    assert world.commands() == ["status"] + ["switchover"] * 6
    assert len(world.told()) == 1


def test_a_switchover_whose_answer_is_lost_is_looked_for_and_not_repeated(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY, STANDBY, STANDBY, WRITER], switchover=[KILLED], check=[CHECKED])
    assert found["status"] == "SUCCEEDED"
    assert world.commands() == ["status", "switchover", "status", "status", "status", "check"]
    assert world.waits == [15, 15, 15]


def test_what_does_not_come_about_fails_after_a_quarter_of_an_hour(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY], switchover=[KILLED])
    assert (found["status"], found["error"]) == ("FAILED", "NotVerified")
    assert world.commands() == ["status", "switchover"] + ["status"] * 60
    assert sum(world.waits) == 15 * 60
    ((subject, message),) = world.told()
    assert subject.endswith("FAILED") and found["cause"] in message


def test_an_order_that_says_so_is_not_believed_where_the_cluster_is_no_writer(world, machines):
    found = world.run(machines["switchover"], status=[STANDBY, STANDBY, WRITER], switchover=[order("switchover", "promoted")], check=[CHECKED])
    assert found["status"] == "SUCCEEDED"
    assert world.commands() == ["status", "switchover", "status", "status", "check"]


def test_of_several_clusters_all_have_to_be_writers(world, bare):
    half = {**WRITER, "watches": WRITER["watches"] + STANDBY["watches"]}
    both = {**WRITER, "watches": WRITER["watches"] * 2}
    found = world.run(bare["switchover"], status=[STANDBY, half, both], switchover=[order("switchover", "promoted")])
    assert found["status"] == "SUCCEEDED"
    assert world.commands() == ["status", "switchover", "status", "status"]


@pytest.mark.parametrize("seen", [[], [{"watch": "orders", "region": REGION, "globalCluster": None, "error": "as scripted"}]])
def test_nothing_is_ordered_where_there_is_no_cluster_to_be_seen(world, machines, seen):
    found = world.run(machines["switchover"], status=[{"command": "status", "watches": seen}])
    assert (found["status"], found["error"]) == ("FAILED", "NotSeen")
    assert world.commands() == ["status"]
    assert len(world.told()) == 1


def test_nothing_is_ordered_where_nothing_can_be_asked(world, machines):
    found = world.run(machines["switchover"], status=[failure("Function.AccessDenied")])
    assert (found["status"], found["error"]) == ("FAILED", "Function.AccessDenied")
    assert world.commands() == ["status"]
    assert len(world.told()) == 1


# --- The unplanned way ---------------------------------------------------------------------------------------------------


def test_the_unplanned_way_detaches_asks_for_the_records_and_tells(world, machines):
    found = world.run(machines["unplanned"], detach=[order("detach", "detached")], check=[CHECKED])
    assert found["status"] == "SUCCEEDED"
    name = found["executionArn"].split(":")[-1]
    assert world.calls == [
        ("promoter-operator", {"command": "detach", "watch": "orders", "group": "orders-global", "by": f"promoter-aurora-unplanned, execution {name}"}),
        ("promoter", {"source": "promoter-aurora-unplanned"}),
    ]  # fmt: skip
    ((subject, message),) = world.told()
    assert subject == f"promoter-aurora-unplanned in {REGION}: done" and found["executionArn"] in message


def test_a_refused_detachment_is_not_ordered_again(world, machines):
    found = world.run(machines["unplanned"], detach=[REFUSED])
    assert (found["status"], found["error"]) == ("FAILED", "Function.OrderNotCarriedOut")
    assert world.commands() == ["detach"]
    assert [subject for subject, _ in world.told()] == [f"promoter-aurora-unplanned in {REGION}: FAILED"]


@pytest.mark.parametrize("lost", [KILLED, failure("Runtime.ExitError"), service("SdkClientException", 500)])
def test_a_detachment_whose_answer_is_lost_is_repeated_since_one_that_was_done_is_as_good(world, machines, lost):
    found = world.run(machines["unplanned"], detach=[lost, THROTTLED, order("detach", "wasDetached")], check=[CHECKED])
    assert found["status"] == "SUCCEEDED"
    assert world.commands() == ["detach", "detach", "detach", "check"]
    assert world.waits == [5, 2]


# --- What both end in ------------------------------------------------------------------------------------------------------


def ways(machines):
    """Each state machine with what it comes to its end by."""
    yield machines["switchover"], {"status": [STANDBY, WRITER], "switchover": [order("switchover", "wasInPlace")]}
    yield machines["unplanned"], {"detach": [order("detach", "detached")]}


def test_a_promoter_that_is_checking_already_sees_to_the_records(world, machines):
    for machine, script in ways(machines):
        assert world.run(machine, **script, check=[THROTTLED])["status"] == "SUCCEEDED"
        assert world.commands().count("check") == 1
        assert [subject.split()[-1] for subject, _ in world.told()] == ["done"]


def test_records_that_were_not_moved_are_told_and_fail_what_is_done_otherwise(world, machines):
    for machine, script in ways(machines):
        found = world.run(machine, **script, check=[failure("Function.RecordNotChanged", "somebody else has it")])
        assert (found["status"], found["error"]) == ("FAILED", "Function.RecordNotChanged")
        assert "somebody else has it" in found["cause"]
        ((subject, message),) = world.told()
        assert subject.endswith("FAILED") and found["cause"] in message


def test_what_cannot_be_told_is_done_all_the_same_or_fails_all_the_same(world, machines):
    world.mute = True
    try:
        for machine, script in ways(machines):
            assert world.run(machine, **script, check=[CHECKED])["status"] == "SUCCEEDED"
        found = world.run(machines["unplanned"], detach=[REFUSED])
        assert (found["status"], found["error"]) == ("FAILED", "Function.OrderNotCarriedOut")
    finally:
        world.mute = False


def test_with_neither_a_topic_nor_a_promoter_there_is_the_order_alone(world, bare):
    for machine, script in ways(bare):
        assert world.run(machine, **script)["status"] == "SUCCEEDED"
        assert "check" not in world.commands() and world.told() == []
    assert world.run(bare["unplanned"], detach=[REFUSED])["error"] == "Function.OrderNotCarriedOut"


@pytest.fixture
def program(world, tmp_path):
    """The operator function as built, with a global cluster that local-aws has."""
    aws = LocalAWS("--aurora")
    environment = {
        **{"PATH": os.environ["PATH"], **aws.environment, "AWS_REGION": REGION, "_HANDLER": "operator"},
        **{"GLOBAL_CLUSTER_ID": "orders-global", "PAUSE_PARAMETER": "/promoter/pause"},
    }
    environment.pop("GLOBAL_DATASTORE_ID", None)
    emulator = Emulator(PRODUCTS / "bootstrap", environment, tmp_path / "log")
    if b"is not known" in emulator.invoke(b'{"command":"detach","watch":"nobody"}')[1]:
        emulator.stop()
        aws.stop()
        pytest.skip("this program carries out no orders for Aurora")
    world.programs["promoter-operator"] = emulator
    yield aws
    world.programs.clear()
    emulator.stop()
    aws.stop()


def test_the_program_takes_the_orders_and_says_what_is_read_of_its_answers(world, bare, program):
    rds = program.client("rds", REGION)
    members = lambda: [m["DBClusterArn"].split(":")[3] for m in rds.describe_global_clusters()["GlobalClusters"][0]["GlobalClusterMembers"]]  # noqa: E731
    assert sorted(members()) == [OTHER, REGION]
    program.fault("error", operation="SwitchoverGlobalCluster", status=400, code="InvalidDBClusterStateFault", message="not now")
    refused = world.run(bare["switchover"])
    assert (refused["status"], refused["error"]) == ("FAILED", "Function.OrderNotCarriedOut"), refused
    assert "not now" in refused["cause"]
    assert world.commands() == ["status", "switchover"]
    detached = world.run(bare["unplanned"])
    assert detached["status"] == "SUCCEEDED", detached.get("cause")
    assert members() == [OTHER]
    # The order again is as good.
    assert world.run(bare["unplanned"])["status"] == "SUCCEEDED"
    # Nothing to be seen any more.
    assert world.run(bare["switchover"])["status"] == "FAILED"
    assert "switchover" not in world.commands()


def test_a_second_plan_changes_nothing(terraform, deployed):
    changes = terraform.plan(**ALL)["resource_changes"]
    assert {change["address"] for change in changes if change["change"]["actions"] != ["no-op"]} == set()
