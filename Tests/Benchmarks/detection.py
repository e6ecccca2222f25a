"""From the moment that DNS leads to the own region until FailoverGlobalReplicationGroup arrives.

Each function has its own record, which is moved at random phases of its checks, BENCH_FLIPS times in all (200). Ten
functions are measured at the same time: they wait most of it. For a check a minute the wait for the schedule is drawn,
not waited for, and what follows it is measured.
"""

import os
import random
import pathlib
import statistics
import sys
import threading
import time

from field import EAST, WEST, Field
from runtime import Run

FLIPS = int(os.environ.get("BENCH_FLIPS", "200"))
FUNCTIONS = 10
MINUTE = 60


def environment(field, number, interval, confirmations):
    return {
        **field.environment,
        "DNS_NAME": field.names[number],
        "GLOBAL_DATASTORE_ID": field.ids[number],
        "CHECK_INTERVAL_SECONDS": str(interval),
        "CONFIRMATIONS": str(confirmations),
        "AWS_LAMBDA_LOG_LEVEL": "ERROR",
        "METRICS": "off",
    }


def flip(field, number, phase):
    """One failover and the way back: seconds until it is asked for."""
    field.wait_for_look_ups(number, 2)  # A and AAAA: it stands by.
    time.sleep(phase)
    seconds = field.wait_for_promotion(number, field.point(number, WEST))
    field.wait_for_look_ups(number, 4)  # It has seen the promotion through.
    field.point(number, EAST)
    field.set_primary(number, EAST)
    field.wait_for_look_ups(number, 4)
    return seconds


def continuous(field, command, log, interval, confirmations):
    found, lock = [], threading.Lock()

    def measure(number):
        with open(f"{log}-{number}", "w+b") as own:
            run = Run(command, environment(field, number, interval, confirmations), own)
            run.begin(0, seconds=880)
            for _ in range(FLIPS // FUNCTIONS):
                seconds = flip(field, number, random.uniform(0, interval))
                with lock:
                    found.append(seconds)
            run.stop()

    threads = [threading.Thread(target=measure, args=(number,)) for number in range(FUNCTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def every_minute(field, command, log, confirmations):
    found = []
    with open(log, "w+b") as own:
        run = Run(command, environment(field, 0, 0, confirmations), own)
        run.invoke(0)
        for number in range(FLIPS):
            since = field.point(0, WEST)
            waits = random.uniform(0, MINUTE) + MINUTE * (confirmations - 1)
            for _ in range(confirmations):
                run.invoke(number)
            found.append(waits + field.wait_for_promotion(0, since))
            run.invoke(number)  # It sees the promotion through.
            field.point(0, EAST)
            field.set_primary(0, EAST)
            run.invoke(number)
        run.stop()
    return found


def line(title, found, bound):
    found = sorted(found)
    cells = (statistics.mean(found), statistics.median(found), found[int(len(found) * 0.99) - 1], found[-1])
    within = sum(seconds <= bound + 0.1 for seconds in found)
    print("|", title, "|", " | ".join(f"{value:.2f} s" for value in cells), f"| {within} of {len(found)} |", flush=True)


def main(bootstrap, folder):
    """Where port 53 is this process's own."""
    command, log = [bootstrap], str(folder / "detection.log")
    field = Field(FUNCTIONS)
    field.serve_names()
    print("\n| from DNS to the request | mean | median | 99 of 100 | longest | within the interval(s) + 100 ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    line("a check a minute", every_minute(field, command, log, 1), MINUTE)
    line("a check a minute, two confirmations", every_minute(field, command, log, 2), 2 * MINUTE)
    for interval, confirmations in ((1, 1), (1, 2), (0.2, 1)):
        title = f"every {interval} s" + (", two confirmations" if confirmations > 1 else "")
        line(title, continuous(field, command, log, interval, confirmations), interval * confirmations)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
