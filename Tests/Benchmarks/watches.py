"""What many watches in one function cost: at the start, while nothing changes, and when all fail over at once."""

import json
import os
import pathlib
import statistics
import sys
import time

from field import EAST, WEST, ZONE, Field
from runtime import Run

COUNTS = [int(count) for count in os.environ.get("BENCH_WATCHES", "1,10,100,1000").split(",")]
CHECKS = 20


def measure(field, command, folder, count):
    watches = [
        {"dnsName": name, "globalDatastoreId": id_} for name, id_ in zip(field.names[:count], field.ids[:count])
    ]
    (folder / "watches.json").write_text(json.dumps(watches))
    environment = {
        **field.environment,
        "HOSTED_ZONE_ID": ZONE,
        "WATCHES_FILE": str(folder / "watches.json"),
        "AWS_LAMBDA_LOG_LEVEL": "ERROR",
        "METRICS": "off",
    }
    with open(folder / "watches.log", "w+b") as log:
        field.calls.clear()
        run = Run(command, environment, log)
        run.invoke(0)
        at_start = field.calls.total()
        field.calls.clear()
        times, processor = [], []
        for number in range(CHECKS):
            start, cpu = time.monotonic(), run.cpu_ns()
            run.invoke(number)
            times.append((time.monotonic() - start) * 1e3)
            processor.append((run.cpu_ns() - cpu) / 1e6)
        steady = field.calls.total()
        field.calls.clear()
        for number in range(count):
            since = field.point(number, WEST)
        run.begin(CHECKS, seconds=60)
        run.end()
        longest = max(field.promoted[:count]) - since
        requests = field.calls["elasticache:FailoverGlobalReplicationGroup"]
        reads = field.calls.total() - requests
        memory = run.peak_kb() / 1024
        run.stop()
    if (requests, steady) != (count, 0):
        raise SystemExit(f"bench: {count} watches: {requests} promotions, {steady} calls while nothing changed")
    return run.start_ms, at_start, steady, times, processor, memory, reads, longest


def main(bootstrap, folder):
    """Where port 53 is this process's own."""
    print(
        "\n| watches | start | AWS calls at start | a check of all: time | processor | AWS calls"
        " | peak memory | all fail over: reads | until the last request |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    field = Field(max(COUNTS))
    field.serve_names()
    for count in COUNTS:
        field.count = count
        for number in range(count):
            field.point(number, EAST)
            field.set_primary(number, EAST)
        start, at_start, steady, times, processor, memory, reads, longest = measure(field, [bootstrap], folder, count)
        print(
            f"| {count} | {start:.0f} ms | {at_start} | {statistics.median(times):.1f} ms"
            f" | {statistics.median(processor):.2f} ms | {steady} | {memory:.1f} MB | {reads} | {longest:.2f} s |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
