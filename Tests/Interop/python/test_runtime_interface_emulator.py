"""Runs the function under AWS's own emulator of Lambda: other people's Runtime API, and other people's supervision.

AWS and DNS are local-aws's. What the emulator does differently from Lambda, as seen with aws-sam-cli 1.170.0:
functions' errors and time-outs have HTTP status 200, a dead runtime has 502, a time-out's body is text and not
JSON, an event of any size gets through, and no trace id, region or handler is set.
"""

import json
import os
import signal

import pytest
from local_aws import PRODUCTS, ROOT
from package import unpack
from rie import Emulator

TIMEOUT = 3


@pytest.fixture(params=["package", "checkout"])
def bootstrap(request, tmp_path):
    if request.param == "package":
        return unpack(tmp_path / "task")
    # The script of the checkout runs what was built beside it. It stands here beside what is being tested, which
    # need not be the release build.
    (tmp_path / ".build").mkdir()
    (tmp_path / ".build" / "release").symlink_to(PRODUCTS)
    (tmp_path / "bootstrap").symlink_to(ROOT / "bootstrap")
    return tmp_path / "bootstrap"


@pytest.fixture
def west(bootstrap, aws, tmp_path):
    """The function of us-west-2, whose member is secondary, on standby until us-east-1 fails."""
    environment = {
        **aws.environment,
        "PATH": os.environ["PATH"],
        "AWS_REGION": "us-west-2",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT),
    }
    emulator = Emulator(bootstrap, environment, tmp_path / "emulator.log")
    yield emulator
    emulator.stop()


def call_names(check):
    return [call["name"] for call in check["calls"]]


def fail_east(aws):
    aws.control("POST", "health", {"region": "us-east-1", "healthy": False})


def test_a_failover_is_followed_by_one_process_with_one_promotion(west, aws):
    checks = [west.check() for _ in range(3)]
    assert {(check["decision"], check["reason"]) for check in checks} == {("hold", "standby")}
    assert call_names(checks[-1]) == []
    fail_east(aws)
    promotion = west.check()
    assert (promotion["decision"], promotion["reason"]) == ("promote", "activeAndSecondary")
    assert promotion["detail"]["PrimaryReplicationGroupId"] == "sessions-usw2"
    assert west.check()["reason"] == "promotionUnderWay"
    aws.advance(120)
    assert west.check()["reason"] == "inPlace"
    assert call_names(west.check()) == []
    operations = [request["operation"] for request in aws.control("GET", "requests")]
    assert operations.count("FailoverGlobalReplicationGroup") == 1
    assert west.log.read_text().count("INIT START") == 1


def test_a_refusal_of_elasticache_is_an_error_object_and_the_next_check_is_answered(west, aws):
    assert west.check()["reason"] == "standby"
    fail_east(aws)
    aws.fault("error", service="elasticache", status=403, code="AccessDenied", message="not allowed", times=1)
    error = west.check()
    assert error["errorType"] == "Function.AccessDenied"
    assert error["errorMessage"] and error["stackTrace"] == []
    assert west.check()["decision"] == "promote"
    assert west.log.read_text().count("INIT START") == 1


def test_aws_that_hangs_is_reported_by_the_function_before_lambda_ends_it(west, aws):
    assert west.check()["reason"] == "standby"
    process = west.children()
    fail_east(aws)
    aws.fault("hang", service="elasticache")
    assert west.check()["errorType"] == "Function.AWSError"
    assert west.children() == process
    aws.control("DELETE", "faults")
    assert west.check()["decision"] == "promote"


def test_a_function_that_stands_still_is_ended_by_lambda_and_started_again(west, aws):
    assert west.check()["reason"] == "standby"
    (process,) = west.children()
    os.kill(process, signal.SIGSTOP)
    status, body = west.invoke()
    assert status == 200
    # The emulator's own words, not JSON: nobody answered for the function.
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)
    check = west.check()
    assert check["reason"] == "standby"
    assert west.children() != [process]


def test_a_function_that_was_killed_is_started_again_and_knows_what_to_do(west, aws):
    assert west.check()["reason"] == "standby"
    (process,) = west.children()
    os.kill(process, signal.SIGKILL)
    status, body = west.invoke()
    assert (status, json.loads(body)["errorType"]) == (502, "Runtime.ExitError")
    fail_east(aws)
    assert west.check()["decision"] == "promote"
    assert west.children() != [process]


EVENTS = [b"", b"null", b"not JSON {", b'"' + b"x" * (5 << 20) + b'"']


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{len(event)} bytes")
def test_any_event_is_answered(west, event):
    assert west.check(event)["reason"] == "standby"
    assert west.check()["reason"] == "standby"


def test_a_set_up_that_cannot_start_is_reported_as_such(bootstrap, aws, tmp_path):
    environment = {**aws.environment, "PATH": os.environ["PATH"], "AWS_REGION": "us-west-2", "CONFIRMATIONS": "many"}
    emulator = Emulator(bootstrap, environment, tmp_path / "emulator.log")
    try:
        status, body = emulator.invoke()
        error = json.loads(body)
        assert error["errorType"] == "Function.InvalidConfiguration", (status, error)
        assert "CONFIRMATIONS" in error["errorMessage"]
    finally:
        emulator.stop()
