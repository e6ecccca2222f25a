"""A certification authority of our own, and a certificate for this machine's own names, by the openssl program."""

import pathlib
import subprocess


def authority(folder, *names):
    """Makes `ca.pem`, and `server.pem` (key and certificate) for localhost and the other names."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    # RSA of 2048 bits, as AWS's endpoints have.
    new = ("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2")
    use = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")  # OpenSSL verifies strictly where Python 3.13 asks it
    openssl(*new, "-subj", "/CN=Test CA", *use, "-keyout", "ca.key", "-out", "ca.pem")
    alternatives = ",".join(["IP:127.0.0.1", *(f"DNS:{name}" for name in ("localhost", *names))])
    openssl(
        *(*new, "-subj", "/CN=localhost", "-CA", "ca.pem", "-CAkey", "ca.key"),
        *("-addext", f"subjectAltName={alternatives}", "-addext", "basicConstraints=critical,CA:FALSE"),
        *("-keyout", "server.key", "-out", "server.crt"),
    )
    (folder / "server.pem").write_text((folder / "server.key").read_text() + (folder / "server.crt").read_text())
    return folder / "ca.pem", folder / "server.pem"
