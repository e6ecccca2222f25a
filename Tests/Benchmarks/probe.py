"""What it takes to probe many endpoints in one function, all at the same time, slow ones among them.

Each endpoint has a name of its own, and all of them are one redis-server over TLS; the slow ones are behind a proxy
that does nothing for 300 ms. Measured is an invocation: a probe of each, and telling CloudWatch. The time of the
slowest endpoint is that of an invocation that probes nothing else. The one server is the far end of all handshakes, and
what it takes of a processor would not be part of the time if each endpoint had a machine: so the function has a core to
itself, as 1,769 MB of Lambda are, and all else has the others.
"""

import json
import os
import pathlib
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop" / "python"))

import canned_aws  # noqa: E402
from certificates import authority  # noqa: E402
from redis_server import RedisServer  # noqa: E402
from runtime import Helper, Run  # noqa: E402

COUNTS = [int(count) for count in os.environ.get("BENCH_PROBES", "1,10,100").split(",")]
SLOW = 10
SLOW_SECONDS = 0.3
CLAIM_MS = 200
WARM, PROBES = 3, 20


CORES = sorted(os.sched_getaffinity(0))


def work_on(cores):
    """From now on, with what is started; on a machine with one core, that."""
    os.sched_setaffinity(0, cores or CORES)


class Stage:
    """What the function talks to. Where /etc/hosts is this process's own."""

    def __init__(self, folder):
        work_on(CORES[1:])
        self.folder = folder
        certificate, server = authority(folder / "redis-ca", "*.redis.example.com")
        # Beside the own one, as many authorities as Lambda's bundle has.
        bundle = folder / "redis-bundle.pem"
        system = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
        bundle.write_text(system.read_text() + certificate.read_text())
        self.redis = RedisServer(server, folder)
        self.proxy = Helper("slow_proxy.py", self.redis.port, SLOW_SECONDS)
        self.names = [f"e-{number}.redis.example.com" for number in range(max(COUNTS))]
        # No name server: it would be one more that works on this machine, and not on another.
        hosts = pathlib.Path("/etc/hosts")
        hosts.write_text(hosts.read_text() + "".join(f"127.0.0.1 {name}\n" for name in self.names))
        self.calls = []
        context = canned_aws.tls(server)
        port = canned_aws.listen(context, canned_aws.CLOUDWATCH.encode(), 0, self.calls.append)
        self.environment = {
            "_HANDLER": "probe",
            "AWS_CA_BUNDLE": str(bundle),
            "AWS_ENDPOINT_URL_CLOUDWATCH": f"https://localhost:{port}",
            "AWS_LAMBDA_LOG_LEVEL": "ERROR",
            # Here one machine has both ends of all handshakes: what is late is to be measured, not to fail.
            "CONNECT_TIMEOUT_SECONDS": "10",
            "READ_TIMEOUT_SECONDS": "10",
            "PROBES_FILE": str(folder / "probes.json"),
        }

    def endpoints(self, count, slow):
        """The last ones are the slow ones."""
        ports = [self.redis.port] * (count - slow) + [int(self.proxy.words[0])] * slow
        return [{"name": name, "redisHost": name, "redisPort": port} for name, port in zip(self.names, ports)]

    def measure(self, command, count, slow):
        (self.folder / "probes.json").write_text(json.dumps(self.endpoints(count, slow)))
        times, processor, of_server = [], [], []
        with open(self.folder / "probe.log", "w+b") as log:
            work_on(CORES[:1])
            run = Run(command, self.environment, log)
            work_on(CORES[1:])
            for number in range(WARM + PROBES):
                if number == WARM:
                    self.calls.clear()
                start, cpu, server = time.monotonic(), run.cpu_ns(), self.redis.cpu_ns()
                run.begin(number, seconds=30)
                answer = json.loads(run.end())
                if number >= WARM:
                    times.append((time.monotonic() - start) * 1e3)
                    processor.append((run.cpu_ns() - cpu) / 1e6)
                    of_server.append((self.redis.cpu_ns() - server) / 1e6)
                ill = [probe for probe in answer.get("probes", [answer]) if not probe["healthy"]]
                if ill:
                    run.fail(f"was to find {count} healthy endpoints; {len(ill)} are not: {ill[0]['message']}")
            memory = run.peak_kb() / 1024
            run.stop()
        return times, processor, of_server, len(self.calls) / PROBES, memory

    def stop(self):
        self.proxy.stop()
        self.redis.kill()


def main(bootstrap, folder):
    stage = Stage(folder)
    try:
        alone = {slow: statistics.median(stage.measure([bootstrap], 1, slow)[0]) for slow in (0, 1)}
        print(f"\nMedian (longest) of {PROBES} probes of all endpoints, of which a slow one answers after 300 ms.\n")
        print(
            "| endpoints | a probe of all: time | the slowest by itself | longer than that by | the same, ratio"
            f" | within it + {CLAIM_MS} ms | processor | the server's | AWS calls | peak memory |"
        )
        print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for count, slow in [*((count, 0) for count in COUNTS), (max(COUNTS), min(SLOW, max(COUNTS)))]:
            times, processor, of_server, calls, memory = stage.measure([bootstrap], count, slow)
            slowest, middle = alone[min(slow, 1)], statistics.median(times)
            within = sum(milliseconds <= slowest + CLAIM_MS for milliseconds in times)
            print(
                f"| {count}{f', {slow} of them slow' if slow else ''} | {middle:.1f} ({max(times):.1f}) ms"
                f" | {slowest:.1f} ms | {middle - slowest:.1f} ms | {middle / slowest:.2f} | {within} of {len(times)}"
                f" | {statistics.median(processor):.1f} ms | {statistics.median(of_server):.1f} ms | {calls:g}"
                f" | {memory:.1f} MB |",
                flush=True,
            )
    finally:
        stage.stop()


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
