"""A running `local-aws serve`, and the programs of this package, for the tests of this folder."""

import json
import os
import pathlib
import re
import subprocess
import urllib.request

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[3]
PRODUCTS = pathlib.Path(os.environ.get("BUILT_PRODUCTS", ROOT / ".build" / "debug")).resolve()


class LocalAWS:
    """A running `local-aws serve`, as an operator would start it."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [PRODUCTS / "local-aws", "serve", "--port", "0", "--manual-clock", "--quiet", *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.environment = {}
        for line in self.process.stdout:
            export = re.match(r"export (\w+)='(.*)'$", line)
            assert export or line.startswith(("#", "unset ")), f"nothing for a shell to eval: {line!r}"
            if export:
                self.environment[export[1]] = export[2]
            if export and export[1] == "NSS_WRAPPER_MAX_HOSTENTS":  # the last one in the alphabet
                break
        assert "NSS_WRAPPER_HOSTS" in self.environment, "local-aws ended before it was ready"
        self.endpoint = self.environment["AWS_ENDPOINT_URL"]

    def stop(self):
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0

    def client(self, service, region=None, key=None, secret=None, token=None, protocol=None, **config):
        session = boto3.Session()
        if protocol:
            # botocore has no setting for it: it takes the first of its own order that the model has.
            loader = session._session.get_component("data_loader")
            loader.load_service_model(service, "service-2")["metadata"]["protocols"] = [protocol]
        return session.client(
            service,
            # With an endpoint laid down botocore does not know that Route 53 signs for us-east-1.
            region_name=region or ("us-east-1" if service == "route53" else "us-west-2"),
            endpoint_url=self.endpoint,
            aws_access_key_id=key or self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=secret or self.environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=token,
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def control(self, method, path, form=None):
        body = None if form is None else json.dumps(form).encode()
        request = urllib.request.Request(f"{self.endpoint}/_local/{path}", data=body, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def advance(self, seconds):
        return self.control("POST", "clock/advance", {"seconds": seconds})

    def fault(self, effect, **fields):
        return self.control("POST", "faults", {"effect": effect, **fields})
