"""A runtime as Lambda runs it, for what measures it."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
NAME = "app.example.com"
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

    def begin(self, number, seconds=10):
        """Answers the /next that is waiting with an event that has so many seconds until its deadline."""
        self.connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012d\r\n"
            b"Lambda-Runtime-Deadline-Ms: %d\r\n"
            b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-west-2:111122223333:function:promoter\r\n"
            b"Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (number, (time.time() + seconds) * 1000, len(EVENT), EVENT)
        )

    def end(self):
        """Takes the response, and waits for the /next after it."""
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

    def invoke(self, number):
        self.begin(number)
        return self.end()

    def cpu_ns(self):
        return process_cpu_ns(self.process)

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


def process_cpu_ns(identifier):
    # The clock of all its threads, ended ones too: CPUCLOCK_SCHED of the process, see clock_getcpuclockid(3).
    return time.clock_gettime_ns((~identifier << 3) | 2)


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
