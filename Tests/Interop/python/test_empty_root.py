"""The package alone: a failover, played where there is nothing but the program and the C library.

AWS is local-aws, outside, behind TLS whose authority is in the bundle at Amazon Linux's place.
"""

import json
import pathlib

import pytest
from certificates import authority
from empty_root import EmptyRoot
from local_aws import LocalAWS
from tls_front import TLSFront

FUNCTION = "promoter-us-west-2"


class World:
    """The function of us-west-2 in its empty root, and the AWS around it."""

    def __init__(self, folder, trusted=True):
        certificate, server = authority(folder / "ca")
        authorities = certificate if trusted else authority(folder / "other")[0]
        self.root = EmptyRoot(folder / "root", authorities.read_text())
        self.aws = LocalAWS("--function", f"{FUNCTION}=us-west-2:0")
        self.front = TLSFront(server, int(self.aws.endpoint.rpartition(":")[2]))
        self.process = None

    def start(self):
        self.follow_dns()
        environment = self.aws.control("GET", f"environment?function={FUNCTION}")
        # The names come from the root's own hosts file, by the C library alone.
        for name in ["LD_PRELOAD", "LOCAL_AWS_HANGING_NAMES", "NSS_WRAPPER_HOSTS", "NSS_WRAPPER_MAX_HOSTENTS"]:
            environment.pop(name)
        watch = {name: self.aws.environment[name] for name in ["DNS_NAME", "GLOBAL_DATASTORE_ID", "HOSTED_ZONE_ID"]}
        endpoint = {"AWS_ENDPOINT_URL": f"https://localhost:{self.front.port}"}
        self.process = self.root.start({**environment, **watch, **endpoint})

    def follow_dns(self):
        self.root.write("etc/hosts", pathlib.Path(self.aws.environment["NSS_WRAPPER_HOSTS"]).read_text())

    def fail_east(self):
        self.aws.control("POST", "health", {"region": "us-east-1", "healthy": False})
        self.follow_dns()

    def invoke(self):
        try:
            return self.aws.control("POST", f"functions/{FUNCTION}/invocations", {})
        except TimeoutError:
            pytest.fail(f"no answer; the process: {self.process.poll()}; its log: {self.root.log.read_text()}")

    def check(self):
        outcome = self.invoke()
        assert outcome["outcome"] == "response", (outcome, self.root.log.read_text())
        return json.loads(outcome["payload"])

    def promotions(self):
        requests = self.aws.control("GET", "requests")
        return [r["parameters"] for r in requests if r["operation"] == "FailoverGlobalReplicationGroup"]

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.front.close()
        self.aws.stop()


@pytest.fixture
def play(tmp_path):
    worlds = []

    def start(**options):
        worlds.append(World(tmp_path, **options))
        worlds[-1].start()
        return worlds[-1]

    yield start
    for world in worlds:
        world.stop()


def test_a_failover_is_followed_where_there_is_nothing_but_the_c_library(play):
    world = play()
    for _ in range(2):
        standby = world.check()
        assert (standby["reason"], standby["activeRegion"]) == ("standby", "us-east-1")
    assert standby["calls"] == []
    # What came so far came over TLS, by the bundle in the root.
    assert world.front.handshakes > 0

    world.fail_east()
    promotion = world.check()
    assert (promotion["decision"], promotion["reason"]) == ("promote", "activeAndSecondary")
    assert world.check()["reason"] == "promotionUnderWay"
    world.aws.advance(120)
    assert [world.check()["reason"] for _ in range(3)] == ["inPlace"] * 3

    (request,) = world.promotions()
    assert request["GlobalReplicationGroupId"] == "ldgnf-sessions"
    assert (request["PrimaryRegion"], request["PrimaryReplicationGroupId"]) == ("us-west-2", "sessions-usw2")
    assert world.front.refusals == 0
    assert world.process.poll() is None


def test_a_server_whose_authority_is_not_in_the_bundle_is_told_nothing(play):
    world = play(trusted=False)
    world.fail_east()
    outcome = world.invoke()
    assert (outcome["outcome"], outcome["errorType"]) == ("error", "Function.AWSError")
    assert world.front.refusals > 0 and world.front.handshakes == 0
    assert world.aws.control("GET", "requests") == []
