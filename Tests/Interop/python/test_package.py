"""The package as a file: what is in it, that it says what it was built of, and that it can be built again."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import zipfile

import pytest
from local_aws import ROOT
from package import package, unpack

# Lambda's own, and a function that is paused: it starts without asking AWS for anything.
ENVIRONMENT = {
    "AWS_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "AKIALOCALAWSEXAMPLE1",
    "AWS_SECRET_ACCESS_KEY": "local-aws-secret-key-that-opens-nothing0",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "HOSTED_ZONE_ID": "Z0LOCALPROMOTER",
    "DNS_NAME": "app.example.com",
    "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
    "PAUSED": "true",
}


@pytest.fixture
def waiting(tmp_path):
    """The function of the package, started, and waiting for its first event."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        address = "127.0.0.1:%d" % listener.getsockname()[1]
        process = subprocess.Popen(
            [unpack(tmp_path)],
            env={**ENVIRONMENT, "AWS_LAMBDA_RUNTIME_API": address},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(65536).startswith(b"GET /2018-06-01/runtime/invocation/next ")
            yield process
        process.kill()
        process.communicate()


def test_it_holds_the_program_and_the_licences_of_what_is_in_it():
    with zipfile.ZipFile(package()) as archive:
        assert archive.namelist() == ["bootstrap", "LICENSE", "THIRD-PARTY-LICENCES.txt"]
        licences = archive.read("THIRD-PARTY-LICENCES.txt").decode()
    for part in ["Swift", "swift-log", "libcurl", "OpenSSL", "expat", "jansson", "libstdc++"]:
        assert re.search(rf"^.*{re.escape(part)}.*\n=+$", licences, re.MULTILINE), part


def test_it_says_its_version_and_commit_when_it_starts(waiting):
    # Of the moment it was built: since then the checkout may have been edited, and its last part may differ.
    commit = subprocess.run([ROOT / ".ci" / "commit"], capture_output=True, text=True, check=True).stdout.strip()
    message = json.loads(waiting.stdout.readline())["message"]
    version, built = re.match(r"promoter (\d+\.\d+\.\d+)\+(\S+) ", message).groups()
    assert built.removesuffix("+changes") == commit.removesuffix("+changes")
    sources = (ROOT / "Sources" / "ProgramVersion" / "ProgramVersion.swift").read_text()
    assert f'promoterVersion = "{version}"' in sources


def test_a_crash_says_what_and_where(waiting):
    waiting.send_signal(signal.SIGILL)
    _, errors = waiting.communicate(timeout=30)
    assert waiting.returncode == -signal.SIGILL
    reason, trace = map(json.loads, errors.splitlines())
    assert reason["level"] == trace["level"] == "FATAL"
    assert "SIGILL" in reason["message"]
    assert "accessTo" not in reason, "nothing was accessed: the signal was sent"
    # The addresses and the debug file beside the package are of the same program.
    debug = package().parent / package().stem.removeprefix("promoter-") / "bootstrap.debug"
    lines = subprocess.run(
        ["addr2line", "--functions", "--exe", debug, *trace["backtrace"]], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"EventLoop\.swift:\d+", lines), lines


def test_another_checkout_of_the_same_commit_gives_the_same_bytes(tmp_path):
    checkout = tmp_path / "elsewhere"
    made = shutil.ignore_patterns(".build", ".venv*", "dist", ".terraform", "__pycache__")
    shutil.copytree(ROOT, checkout, ignore=made, symlinks=True)
    (checkout / ".build").mkdir()
    # Built once a version of it; its own bytes come from the distribution.
    (checkout / ".build" / "slim-libcurl").symlink_to(ROOT / ".build" / "slim-libcurl")
    # No cache of the compiler's either.
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([checkout / ".ci" / "package"], env=environment, check=True, capture_output=True)
    again = checkout / "dist" / package().name
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in [package(), again]}
    assert len(digests) == 1
