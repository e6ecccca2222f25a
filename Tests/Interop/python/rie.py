"""The Lambda Runtime Interface Emulator: AWS's own Runtime API and process supervision, as in its base images.

Its binary comes inside the wheel of the SAM command line; `make test` puts that into the virtual environment
without what else the SAM command line needs.
"""

import importlib.util
import json
import os
import pathlib
import platform
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def emulator():
    """The emulator's program, made executable. That it is not there is a failure of the set-up, and of the test."""
    # Not imported: what the package imports is not installed.
    package = importlib.util.find_spec("samcli")
    assert package, "aws-sam-cli, which contains the Runtime Interface Emulator, is not installed: run make test"
    architecture = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
    program = pathlib.Path(package.submodule_search_locations[0]) / "local" / "rapid" / f"aws-lambda-rie-{architecture}"
    assert program.is_file(), f"this aws-sam-cli has no {program.name}"
    program.chmod(0o755)
    return program


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Emulator:
    """A running emulator, which starts `bootstrap` at the first invocation."""

    def __init__(self, bootstrap, environment, log):
        self.bootstrap = pathlib.Path(bootstrap)
        self.log = pathlib.Path(log)
        port, runtime_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen(
                [
                    emulator(),
                    *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
                    *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
                    self.bootstrap,
                ],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                assert self.process.poll() is None, f"the emulator ended: {self.log.read_text()}"
                time.sleep(0.01)

    def invoke(self, payload=b"{}", timeout=60):
        """The status and the body of one invocation. Only one at a time: a second one ends the emulator."""
        request = urllib.request.Request(self.url, data=payload, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def check(self, payload=b"{}"):
        """The answer of one invocation, as JSON; functions' errors have status 200 here."""
        status, body = self.invoke(payload)
        assert status == 200, (status, body, self.log.read_text())
        return json.loads(body)

    def children(self):
        """The process ids of the function's processes that run."""
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                # The name in brackets may have blanks; behind it come the state and the parent.
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(parent) == self.process.pid and state != "Z":
                found.append(int(entry.name))
        return found

    def stop(self):
        # Both: what the emulator started outlives it, if it is killed.
        for process in [self.process.pid, *self.children()]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(timeout=10)
