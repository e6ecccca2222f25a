"""A real redis-server of this machine, over TLS, on a free port of 127.0.0.1."""

import socket
import subprocess
import threading

from runtime import process_cpu_ns


class RedisServer:
    """It takes connections as soon as it is there. `certificate` is a file that has the key, too."""

    def __init__(self, certificate, folder):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *("redis-server", "--bind", "127.0.0.1", "--port", "0", "--tls-port", str(self.port)),
                *("--tls-cert-file", certificate, "--tls-key-file", certificate, "--tls-ca-cert-file", certificate),
                *("--tls-auth-clients", "no", "--save", "", "--daemonize", "no", "--dir", folder),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = b""
        for line in self.process.stdout:
            said += line
            if b"Ready to accept connections" in line:
                # It must not wait for somebody to read what it says from now on.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise SystemExit(f"bench: redis-server ended: {said.decode(errors='replace')}")

    def cpu_ns(self):
        return process_cpu_ns(self.process.pid)

    def kill(self):
        """As a node is lost: nobody is told anything."""
        self.process.kill()
        self.process.wait()
