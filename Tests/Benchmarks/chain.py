"""From a killed Redis server to the accepted FailoverGlobalReplicationGroup, by all that lies between them.

The probe finds it, CloudWatch's alarm and Route 53's health check go by its metric, DNS by the health check, and the
promoter by DNS. CloudWatch's minute is a real one, and local-aws looks at its end, without any delay; no resolver keeps
an answer. The server is killed CHAIN_RUNS times (3) with each of CHAIN_SETTINGS (SETTINGS has them all; default,
aggressive, one period). The runs divide the minute among them: each has a part of it, and a random moment in that.
CHAIN_AT_ONCE (9) of them go on at the same time, each in a world of its own: they wait most of it. CHAIN_MINUTE_SECONDS
(60) compresses CloudWatch's minute, to try this out.
"""

import concurrent.futures
import os
import pathlib
import random
import statistics
import sys

from chain_world import DATASTORE, EAST, MOMENTS, NAME, WEST, ZONE, World
from certificates import authority

RUNS = int(os.environ.get("CHAIN_RUNS", "3"))
AT_ONCE = int(os.environ.get("CHAIN_AT_ONCE", "9"))
MINUTE = float(os.environ.get("CHAIN_MINUTE_SECONDS", "60"))

# Those of Terraform's modules.
DEFAULT = {"interval": 10, "failures": 2, "timeout": 2, "periods": 3, "check": 1, "confirmations": 2}
AGGRESSIVE = {"interval": 1, "failures": 1, "timeout": 0.5, "periods": 1, "check": 0.2, "confirmations": 1}
SETTINGS = {
    "default": DEFAULT,
    "one period": {**DEFAULT, "periods": 1},
    "one failure": {**DEFAULT, "failures": 1},
    "probe a second": {**DEFAULT, "interval": 1},
    "check 0.2 s": {**DEFAULT, "check": 0.2, "confirmations": 1},
    "aggressive": AGGRESSIVE,
}
NAMES = os.environ.get("CHAIN_SETTINGS", "default,aggressive,one period").split(",")


def measure(bootstrap, certificate, folder, name, number):
    setting = SETTINGS[name]
    world = World(bootstrap, certificate[1], MINUTE, folder / f"{name}-{number}")
    try:
        world.start(
            "probe",
            {
                "_HANDLER": "probe",
                "REDIS_HOST": "127.0.0.1",
                "REDIS_PORT": str(world.redis.port),
                "REDIS_CA_BUNDLE": str(certificate[0]),
                "PROBE_INTERVAL_SECONDS": str(setting["interval"]),
                "FAILURES_TO_UNHEALTHY": str(setting["failures"]),
                "SUCCESSES_TO_HEALTHY": "3",
                "CONNECT_TIMEOUT_SECONDS": str(setting["timeout"]),
                "READ_TIMEOUT_SECONDS": str(setting["timeout"]),
            },
        )
        # Before the alarm and the record, the promoters would have something to do.
        world.make_health_check(setting["periods"])
        for region in (EAST, WEST):
            world.start(
                f"promoter-{region}",
                {
                    "_HANDLER": "promoter",
                    "HOSTED_ZONE_ID": ZONE,
                    "DNS_NAME": NAME,
                    "GLOBAL_DATASTORE_ID": DATASTORE,
                    "CHECK_INTERVAL_SECONDS": str(setting["check"]),
                    "CONFIRMATIONS": str(setting["confirmations"]),
                    "HOLD_DOWN_SECONDS": "300",
                    "CACHE_MAX_AGE_SECONDS": "300",
                },
            )
        killed = world.kill_redis(MINUTE * (number + random.random()) / RUNS)
        return world.wait(killed, (setting["periods"] + 1) * MINUTE + 120)
    finally:
        world.end()


def cell(found):
    return f"{statistics.mean(found):.1f} ({min(found):.1f}–{max(found):.1f}) s"


def main(bootstrap, folder):
    folder = folder / "chain"
    folder.mkdir()
    certificate = authority(folder / "ca")
    minute = "" if MINUTE == 60 else f" CloudWatch's minute took {MINUTE:g} s."
    print(
        f"\nMean (least–longest) of {RUNS} runs, {AT_ONCE} at the same time.{minute} What CloudWatch, Route 53 and"
        " resolvers with their caches need for themselves comes on top.\n"
    )
    print(
        "| from the kill to | the probe counts it as unhealthy | the health check is unhealthy | DNS leads away"
        " | the request is accepted |"
    )
    print("| --- | ---: | ---: | ---: | ---: |", flush=True)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {
            name: [pool.submit(measure, bootstrap, certificate, folder, name, number) for number in range(RUNS)]
            for name in NAMES
        }
        for name, futures in runs.items():
            found = [future.result() for future in futures]
            cells = (cell([run[moment] for run in found]) for moment in MOMENTS)
            print("|", name, "|", " | ".join(cells), "|", flush=True)
    print("\nThe load was {:.1f}, {:.1f}, {:.1f} in the last 1, 5, 15 minutes.".format(*os.getloadavg()))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
