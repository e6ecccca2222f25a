"""Signs a table of requests with botocore, for SigningAgreementTests.

Reads a JSON list of requests on standard input:
  {"name", "method", "url", "params": [[name, value], ...] (optional), "headers": [[name, value], ...],
   "body", "time": "20150830T123600Z", "region", "service", "accessKey", "secretKey", "token" (optional)}
and writes a JSON list of {"canonicalRequest", "stringToSign", "authorization"} in the same order.
"""

import datetime
import json
import sys

try:
    import botocore
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError as error:
    sys.exit(f"botocore cannot be imported ({error}): run make test, which installs it")


class Recorder(botocore.auth.SigV4Auth):
    """Keeps the two texts that the signature is computed from."""

    def canonical_request(self, request):
        self.canonical_request_text = super().canonical_request(request)
        return self.canonical_request_text

    def string_to_sign(self, request, canonical_request):
        self.string_to_sign_text = super().string_to_sign(request, canonical_request)
        return self.string_to_sign_text


def sign(case):
    moment = datetime.datetime.strptime(case["time"], "%Y%m%dT%H%M%SZ")
    # Signing has no parameter for the time.
    botocore.auth.get_current_datetime = lambda *_, **__: moment
    request = AWSRequest(method=case["method"], url=case["url"], data=case["body"].encode())
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    if case.get("params") is not None:
        request.params = [tuple(pair) for pair in case["params"]]
    signer = Recorder(
        Credentials(case["accessKey"], case["secretKey"], case.get("token")), case["service"], case["region"]
    )
    signer.add_auth(request)
    return {
        "canonicalRequest": signer.canonical_request_text,
        "stringToSign": signer.string_to_sign_text,
        "authorization": request.headers["Authorization"],
    }


json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)
