"""Measures promoter beside the least that a runtime over libcurl can be and beside the same function with boto3.

Prints a Markdown table. Each round measures all of them, one after the other, so that what else the machine does
meets all alike; ratios are of the same round. BENCH_RUNS starts are measured in a row (40), BENCH_ROUNDS of warm
invocations (5). PROMOTER_PACKAGE names another zip or folder than dist/promoter-….zip.
"""

import json
import os
import pathlib
import platform
import signal
import socket
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

RUNS = int(os.environ.get("BENCH_RUNS", "40"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WARM, MEASURED = 200, 1000
LATENCY = 0.04
NAME = "app.example.com"
ADDRESSES = {
    NAME: ["10.1.1.10", "10.1.1.11", "10.1.1.12"],
    canned_aws.TARGETS["us-east-1"]: ["10.1.1.10", "10.1.1.11", "10.1.1.12"],
    canned_aws.TARGETS["us-west-2"]: ["10.1.2.10", "10.1.2.11", "10.1.2.12"],
}
# What a schedule sends.
EVENT = json.dumps(
    {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "111122223333",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-west-2",
        "resources": ["arn:aws:events:us-west-2:111122223333:rule/promoter"],
        "detail": {},
    }
).encode()
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "LAMBDA_TASK_ROOT": str(HERE),
    "AWS_REGION": "us-west-2",
    "AWS_DEFAULT_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "AKIALOCALAWSEXAMPLE1",
    "AWS_SECRET_ACCESS_KEY": "local-aws-secret-key-that-opens-nothing0",
    "AWS_LAMBDA_FUNCTION_NAME": "promoter",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/promoter",
    "AWS_LAMBDA_LOG_STREAM_NAME": "1",
    "HOSTED_ZONE_ID": "Z0LOCALPROMOTER",
    "DNS_NAME": NAME,
    "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
}


class Run:
    """A runtime that was started, and the Runtime API that it talks to."""

    def __init__(self, command, environment, log):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        self.log = log
        environment = {
            **ENVIRONMENT,
            **environment,
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % self.listener.getsockname()[1],
        }
        log.truncate(0)
        files = [(os.POSIX_SPAWN_DUP2, log.fileno(), 1), (os.POSIX_SPAWN_DUP2, log.fileno(), 2)]
        self.connection, self.buffer = None, b""
        start = time.monotonic_ns()
        self.process = os.posix_spawn(command[0], command, environment, file_actions=files)
        try:
            head = self.request()
        except TimeoutError:
            self.fail("did not ask for an event within a minute")
        self.start_ms = (time.monotonic_ns() - start) / 1e6
        if not head.startswith(b"GET /2018-06-01/runtime/invocation/next "):
            self.fail(f"began with {head!r}")

    def request(self):
        """Waits for the next request, on the connection that there is or a new one, and returns its head."""
        while True:
            if self.connection is None:
                self.connection, _ = self.listener.accept()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.buffer = b""
            while b"\r\n\r\n" not in self.buffer:
                chunk = self.connection.recv(65536)
                if not chunk:
                    break
                self.buffer += chunk
            else:
                break
            self.connection = None
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        self.body = b""
        position = head.lower().find(b"\ncontent-length:")
        if position >= 0:
            length = int(head[position + 16 :].split(b"\r\n", 1)[0])
            while len(self.buffer) < length:
                self.buffer += self.connection.recv(65536)
            self.body, self.buffer = self.buffer[:length], self.buffer[length:]
        return head

    def invoke(self, number):
        """Answers the /next that is waiting, takes the response, and waits for the /next after it."""
        self.connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
            b"Lambda-Runtime-Deadline-Ms: %d\r\n"
            b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-west-2:111122223333:function:promoter\r\n"
            b"Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (number, (time.time() + 10) * 1000, len(EVENT), EVENT)
        )
        head = self.request()
        if b"/response " not in head.split(b"\r\n", 1)[0]:
            self.fail(f"answered {head!r} {self.body!r}")
        response = self.body
        self.connection.sendall(
            b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
            b'{"status": "OK"}'
        )
        self.request()
        return response

    def cpu_ns(self):
        # The clock of all its threads, ended ones too: CPUCLOCK_SCHED of the process, see clock_getcpuclockid(3).
        return time.clock_gettime_ns((~self.process << 3) | 2)

    def peak_kb(self):
        for line in pathlib.Path(f"/proc/{self.process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])

    def libraries(self):
        paths = {
            line.split(None, 5)[5]
            for line in pathlib.Path(f"/proc/{self.process}/maps").read_text().splitlines()
            if ".so" in line
        }
        return len(paths)

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def fail(self, what):
        output = self.output()
        self.stop()
        sys.exit(f"bench: the runtime {what}; its output: {output}")

    def stop(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.listener.close()
        if self.connection:
            self.connection.close()


class Helper:
    """A server of this folder, as a process: what it costs is not to be in the one that measures."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, HERE / script, *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )
        self.words = self.process.stdout.readline().split()
        if not self.words:
            sys.exit(f"bench: {script} did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()


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
    print(f"Median (least) of {RUNS} starts, of {ROUNDS} times {MEASURED} invocations.\n")
    print("| | promoter | C loop on libcurl | boto3 | promoter ÷ C loop | boto3 ÷ promoter |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        hosts = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_HOSTS": str(bench.hosts_file())}
        server = serve_names(bench.folder) if has_namespaces else None
        dns = {} if server else hosts
        try:
            rows(bench, everything, dns, hosts)
        finally:
            if server:
                server.stop()
    if not server:
        print("\nAll names are from a hosts file: this kernel gives who runs this no namespaces for a name server.")


def rows(bench, everything, dns, hosts):
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
