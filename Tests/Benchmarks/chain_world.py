"""One failover from end to end: a local AWS in real time, a Redis server over TLS, its probe, a promoter a region.

What Terraform's modules make is made by boto3 and, for what Lambda and EventBridge do, by the control API.
"""

import json
import os
import pathlib
import random
import re
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop" / "python"))

from local_aws import ROOT, LocalAWS  # noqa: E402
from redis_server import RedisServer  # noqa: E402

PRODUCTS = pathlib.Path(os.environ.get("BUILT_PRODUCTS", ROOT / ".build" / "release")).resolve()
EAST, WEST = "us-east-1", "us-west-2"
ZONE, NAME, DATASTORE = "Z0LOCALPROMOTER", "app.example.com", "ldgnf-sessions"
METRIC = {"Namespace": "Custom/Redis", "MetricName": "HealthCheckStatus"}
# Of the modules: an invocation each minute, which ends a little before the next.
SCHEDULE, TIMEOUT = 60, 58

# What follows the kill, in its order; the first is found in the probe's log, the others are what local-aws tells.
MOMENTS = ("probe", "check", "dns", "request")
TOLD = {
    "check": re.compile(r"health: check .* is unhealthy$"),
    "dns": re.compile(rf"DNS: {re.escape(NAME)} leads from {EAST} to {WEST} "),
    "request": re.compile(rf"request \d+: elasticache FailoverGlobalReplicationGroup in {WEST}: 200$"),
}


class World(LocalAWS):
    def __init__(self, bootstrap, certificate, minute, folder):
        folder.mkdir()
        self.bootstrap, self.folder, self.minute = bootstrap, folder, minute
        self.found, self.requests, self.news, self.failures = {}, 0, threading.Condition(), []
        self.over = threading.Event()
        self.runtimes = []
        functions = [f"probe={EAST}", *(f"promoter-{region}={region}" for region in (EAST, WEST))]
        self.process = subprocess.Popen(
            [
                *(PRODUCTS / "local-aws", "serve", "--port", "0", "--minute-seconds", f"{minute:g}"),
                *(word for function in functions for word in ("--function", function)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self.listen, daemon=True).start()
        for line in self.process.stdout:
            if endpoint := re.match(r"export AWS_ENDPOINT_URL='(.*)'$", line):
                self.endpoint = endpoint[1]
                break
        else:
            raise SystemExit("bench: local-aws ended before it was ready")
        self.environment = self.control("GET", f"environment?region={EAST}")
        self.redis = RedisServer(certificate, folder)

    def listen(self):
        with open(self.folder / "events.log", "w") as log:
            for line in self.process.stderr:
                now = time.monotonic()
                log.write(line)
                log.flush()
                self.requests += "elasticache FailoverGlobalReplicationGroup" in line
                for moment, pattern in TOLD.items():
                    if pattern.search(line):
                        self.note(moment, now)

    def note(self, moment, now):
        with self.news:
            self.found.setdefault(moment, now)
            self.news.notify_all()

    # Lambda and EventBridge

    def start(self, name, variables):
        """A process, and its invocations, at a second of the minute that is not that of others."""
        environment = {"PATH": os.environ["PATH"], **self.control("GET", f"environment?function={name}"), **variables}
        environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        process = subprocess.Popen(
            [self.bootstrap], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder
        )
        self.runtimes.append(process)
        threading.Thread(target=self.read, args=(name, process), daemon=True).start()
        threading.Thread(target=self.keep_invoking, args=(name,), daemon=True).start()

    def read(self, name, process):
        with open(self.folder / f"{name}.log", "wb") as log:
            for line in process.stdout:
                now = time.monotonic()
                log.write(line)
                log.flush()
                if name == "probe" and self.is_unhealthy(line):
                    self.note("probe", now)
        if not self.over.is_set():
            self.fail(f"{name} ended")

    @staticmethod
    def is_unhealthy(line):
        """The endpoint counts as unhealthy now; one failure more than before is no news."""
        try:
            entry = json.loads(line)
        except ValueError:
            return False
        return "probe" in entry and str(entry.get("healthy")).lower() == "false"

    def keep_invoking(self, name):
        timeout = random.uniform(10, TIMEOUT)
        while not self.over.is_set():
            request = urllib.request.Request(
                f"{self.endpoint}/_local/functions/{name}/invocations?timeout={timeout:.1f}", data=b"{}", method="POST"
            )
            try:
                with urllib.request.urlopen(request, timeout=2 * TIMEOUT) as answer:
                    outcome = json.load(answer)
            except OSError as error:
                outcome = {"outcome": str(error)}
            if self.over.is_set():
                return
            if outcome["outcome"] != "response":
                return self.fail(f"an invocation of {name} ended so: {outcome}")
            self.over.wait(SCHEDULE - TIMEOUT)
            timeout = TIMEOUT

    def fail(self, what):
        with self.news:
            self.failures.append(what)
            self.news.notify_all()

    def give_up(self, what):
        events = (self.folder / "events.log").read_text().splitlines()
        last = "\n  ".join([*self.failures, *events[-10:]])
        raise SystemExit(f"bench: {self.folder.name}: {what}; what happened last:\n  {last}")

    # What Terraform makes

    def make_health_check(self, periods):
        self.client("cloudwatch", EAST).put_metric_alarm(
            **METRIC,
            AlarmName="probe",
            Statistic="Minimum",
            Period=60,
            EvaluationPeriods=periods,
            Threshold=1.0,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
        )
        config = {
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": {"Region": EAST, "Name": "probe"},
            "InsufficientDataHealthStatus": "Unhealthy",
        }
        route53 = self.client("route53")
        check = route53.create_health_check(CallerReference="chain", HealthCheckConfig=config)["HealthCheck"]["Id"]
        end = time.monotonic() + 3 * max(self.minute, 10)
        while not self.control("GET", "state")["healthChecks"][0]["healthy"]:
            if time.monotonic() > end or self.failures:
                self.give_up("the health check did not become healthy")
            time.sleep(0.2)
        sets = route53.list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
        primary = next(record for record in sets if record.get("Failover") == "PRIMARY")
        change = {"Action": "UPSERT", "ResourceRecordSet": {**primary, "HealthCheckId": check}}
        route53.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": [change]})

    # The failover

    def kill_redis(self, at):
        """At that second of CloudWatch's minute, and not before all has been running for a while. Returns the time."""
        time.sleep(5)
        time.sleep((at - time.time()) % self.minute)
        with self.news:
            if self.found.keys() & {"probe", "dns", "request"} or self.failures:
                self.give_up(f"it began by itself, with {sorted(self.found)}")
            # That there was no data at first.
            self.found.clear()
        killed = time.monotonic()
        self.redis.kill()
        return killed

    def wait(self, killed, seconds):
        """Seconds from the kill to each moment."""
        with self.news:
            arrived = self.news.wait_for(lambda: self.failures or len(self.found) == len(MOMENTS), seconds)
            if not arrived or self.failures:
                self.give_up(f"no more than {sorted(self.found)} followed")
            if self.requests > 1:
                self.give_up(f"one request was to be made, not {self.requests}")
            return {moment: self.found[moment] - killed for moment in MOMENTS}

    def end(self):
        self.over.set()
        for process in self.runtimes:
            process.kill()
            process.wait()
        self.redis.kill()
        self.process.kill()
        self.process.wait()
