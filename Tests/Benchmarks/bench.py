"""Measures promoter beside the least that a runtime over libcurl can be and beside the same function with boto3.

Prints a Markdown table. Each round measures all of them, one after the other, so that what else the machine does
meets all alike; ratios are of the same round. BENCH_RUNS starts are measured in a row (40), BENCH_ROUNDS of warm
invocations (5). PROMOTER_PACKAGE names another zip or folder than dist/promoter-….zip. BENCH_PARTS names what is
measured: times, detection, watches, probe; and chain, which is measured only where it is named, for it takes minutes.
"""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop" / "python"))

import canned_aws  # noqa: E402
from certificates import authority  # noqa: E402
from package import package, unpack  # noqa: E402
from runtime import NAME, Helper, Run  # noqa: E402

RUNS = int(os.environ.get("BENCH_RUNS", "40"))
PARTS = os.environ.get("BENCH_PARTS", "times,detection,watches,probe").split(",")
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WARM, MEASURED = 200, 1000
LATENCY = 0.04
ADDRESSES = {
    NAME: ["10.1.1.10", "10.1.1.11", "10.1.1.12"],
    canned_aws.TARGETS["us-east-1"]: ["10.1.1.10", "10.1.1.11", "10.1.1.12"],
    canned_aws.TARGETS["us-west-2"]: ["10.1.2.10", "10.1.2.11", "10.1.2.12"],
}


class Bench:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        bootstrap = unpack(self.folder / "task")
        loop = self.folder / "minimal-loop"
        subprocess.run(["cc", "-O2", "-o", loop, HERE / "minimal-loop.c", "-lcurl"], check=True)
        self.commands = {
            "promoter": [str(bootstrap)],
            "C loop": [str(loop)],
            "boto3": [sys.executable, "-m", "awslambdaric", "boto3_function.handler"],
        }
        # Beside the measured ones' own, as many authorities as Lambda's bundle has.
        certificate, self.server = authority(self.folder / "ca")
        self.bundle = self.folder / "bundle.pem"
        system = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
        self.bundle.write_text(system.read_text() + certificate.read_text())
        self.log = open(self.folder / "log", "w+b")

    def run(self, name, environment):
        # Python finds the function as in Lambda, whose bootstrap puts the task's folder in front.
        own = {"_HANDLER": "boto3_function.handler", "PYTHONPATH": str(HERE)} if name == "boto3" else {}
        return Run(self.commands[name], {**own, **environment}, self.log)

    def aws(self, latency):
        server = Helper("canned_aws.py", self.server, latency)
        route53, elasticache = server.words
        environment = {
            "AWS_CA_BUNDLE": str(self.bundle),
            "AWS_ENDPOINT_URL_ROUTE_53": f"https://localhost:{route53}",
            "AWS_ENDPOINT_URL_ELASTICACHE": f"https://localhost:{elasticache}",
        }
        return server, environment

    def starts(self, names, environment):
        """Milliseconds from just before the start of the process to its first request for an event."""
        found = {name: [] for name in names}
        for number in range(-3, RUNS):  # The first ones fill the page cache, and Python's.
            for name in names:
                run = self.run(name, environment)
                if '"ERROR"' in run.output():
                    run.fail("could not fill its caches")
                if number >= 0:
                    found[name].append(run.start_ms)
                run.stop()
        return found

    def libraries(self, names):
        found = {}
        for name in names:
            run = self.run(name, {"PAUSED": "true"})
            found[name] = run.libraries()
            run.stop()
        return found

    def steady(self, names, dns):
        """Of invocations when nothing changes: microseconds of processor, and of time, and the peak of memory."""
        server, environment = self.aws(0)
        found = {name: {"cpu": [], "wall": [], "peak": []} for name in names}
        try:
            for _ in range(ROUNDS):
                for name in names:
                    run = self.run(name, {**environment, "LOOKUP": NAME, **dns})
                    for number in range(WARM):
                        run.invoke(number)
                    cpu, wall = run.cpu_ns(), time.monotonic_ns()
                    for number in range(MEASURED):
                        response = run.invoke(number)
                    found[name]["wall"].append((time.monotonic_ns() - wall) / 1e3 / MEASURED)
                    found[name]["cpu"].append((run.cpu_ns() - cpu) / 1e3 / MEASURED)
                    found[name]["peak"].append(run.peak_kb() / 1024)
                    if name == "promoter":
                        check = json.loads(response)
                        if (check["reason"], check["calls"]) != ("standby", []):
                            run.fail(f"was to stand by, without a call: {check}")
                    run.stop()
        finally:
            server.stop()
        return found

    def hosts_file(self):
        hosts = self.folder / "hosts"
        lines = [f"{address} {name}\n" for name, addresses in ADDRESSES.items() for address in addresses]
        hosts.write_text("127.0.0.1 localhost\n" + "".join(lines))
        return hosts


def enter_namespaces():
    """Starts this anew where /etc/resolv.conf and port 53 are its own; comes back where the kernel allows none."""
    unshare = ["unshare", "--mount", "--net", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode == 0:
        os.execvp(unshare[0], [*unshare, sys.executable, __file__, "--inside"])


def serve_names(folder):
    """In the namespaces, where there is nothing yet but a loopback interface that is down."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    files = {
        "resolv.conf": "nameserver 127.0.0.1\n",
        "hosts": "127.0.0.1 localhost\n",
        "nsswitch.conf": "hosts: files dns\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
        subprocess.run(["mount", "--bind", folder / name, f"/etc/{name}"], check=True)
    pairs = [f"{name}={address}" for name, addresses in ADDRESSES.items() for address in addresses]
    return Helper("canned_dns.py", *pairs)


def cell(values, unit):
    digits = 0 if statistics.median(values) >= 100 else 1 if statistics.median(values) >= 10 else 2
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}) {unit}"


def row(title, values, unit):
    """A line of the table: of each the median and, in brackets, the least; then the medians of the rounds' ratios."""

    def ratio(of, to):
        if of not in values or to not in values:
            return "–"
        return f"{statistics.median(a / b for a, b in zip(values[of], values[to])):.2f}"

    cells = [cell(values[name], unit) if name in values else "–" for name in ("promoter", "C loop", "boto3")]
    print("|", " | ".join([title, *cells, ratio("promoter", "C loop"), ratio("boto3", "promoter")]), "|", flush=True)


def main(has_namespaces):
    everything = ["promoter", "C loop", "boto3"]
    source = package()
    size = f", {source.stat().st_size / 1e6:.2f} MB" if source.is_file() else ""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(": ")[2]
    curl = subprocess.run(["curl-config", "--version"], capture_output=True, text=True).stdout.strip()
    print(
        f"{os.cpu_count()} cores of {model}, {platform.system()} {platform.release()}, "
        f"glibc {platform.libc_ver()[1]}; package {source.name}{size}; {curl}; Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        hosts = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(bench.hosts_file())}
        server = serve_names(bench.folder) if has_namespaces else None
        dns = {} if server else hosts
        try:
            if "times" in PARTS:
                table(bench, everything, dns, hosts)
        finally:
            if server:
                server.stop()
        # Each is a name server and the services itself, but for the chain: local-aws is both of it.
        for part in ("detection", "watches", "probe", "chain") if server else ("chain",):
            if part in PARTS:
                script = HERE / f"{part}.py"
                subprocess.run([sys.executable, script, *bench.commands["promoter"], bench.folder], check=True)
    if not server:
        print(
            "\nThis kernel gives who runs this no namespaces for a name server: all names are from a hosts file, and"
            " detection, watches and probe were not measured."
        )
    if "chain" not in PARTS:
        print("\nNot measured, as it takes minutes: from a killed server to the request (BENCH_PARTS=chain).")


def table(bench, everything, dns, hosts):
    print(f"Median (least) of {RUNS} starts, of {ROUNDS} times {MEASURED} invocations.\n")
    print("| | promoter | C loop on libcurl | boto3 | promoter ÷ C loop | boto3 ÷ promoter |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    # Paused, promoter asks AWS and DNS for nothing: what remains is the start itself.
    row("start, without AWS", bench.starts(everything, {"PAUSED": "true"}), "ms")
    for latency, title in ((0, "start, caches filled over TLS"), (LATENCY, "the same, 40 ms a connection and a request")):
        server, environment = bench.aws(latency)
        try:
            row(title, bench.starts(["promoter", "boto3"], {**environment, **dns, "FILL_CACHES": "1"}), "ms")
        finally:
            server.stop()
    title = "warm invocation, one name looked up"
    measured = bench.steady(everything, dns)
    row(f"{title}: processor", {name: values["cpu"] for name, values in measured.items()}, "µs")
    row(f"{title}: time", {name: values["wall"] for name, values in measured.items()}, "µs")
    if dns != hosts:
        asked = bench.steady(everything, hosts)
        row("processor, if no name server is asked", {name: values["cpu"] for name, values in asked.items()}, "µs")
    row("peak memory after 1,200 invocations", {name: values["peak"] for name, values in measured.items()}, "MB")
    libraries = bench.libraries(everything)
    print("| shared libraries loaded |", " | ".join(str(libraries[name]) for name in everything), "| | |")


if __name__ == "__main__":
    if sys.argv[1:] != ["--inside"]:
        enter_namespaces()
    main(has_namespaces=sys.argv[1:] == ["--inside"])
