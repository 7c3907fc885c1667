"""Reports service occasions to haochaping and prints what became of each record. Standard library only.

python3 examples/client.py http://127.0.0.1:8000 KEY SECRET occasions.ndjson [HMAC-SHA256]
"""

import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

DIGESTS = {"HMAC-SM3": "sm3", "HMAC-SHA256": "sha256"}  # SM3 needs an OpenSSL that has it


def signed_headers(
    method: str, url: str, body: bytes, key: str, secret: str, at: int, algorithm: str = "HMAC-SM3"
) -> dict[str, str]:
    """The X-HCP headers for one request. `at` is in Unix seconds; the nonce is good once."""
    parts, nonce, digest = urlsplit(url), secrets.token_hex(16), DIGESTS[algorithm]
    query = "&".join(sorted(parts.query.split("&")))
    text = "\n".join([method, parts.path, query, str(at), nonce, hashlib.new(digest, body).hexdigest()])
    signature = hmac.new(secret.encode(), text.encode(), digest).hexdigest()
    named = {"X-HCP-Key": key, "X-HCP-Timestamp": str(at), "X-HCP-Nonce": nonce, "X-HCP-Algorithm": algorithm}
    return named | {"X-HCP-Signature": signature}


def report(
    base_url: str, key: str, secret: str, lines: bytes, at: int | None = None, algorithm: str = "HMAC-SM3"
) -> dict[str, object]:
    """Sends NDJSON; returns the decoded answer. Raises HTTPError when the call as a whole is refused for good."""
    url = base_url.rstrip("/") + "/api/v1/occasions"
    for last in (*[False] * 9, True):
        stamp = int(time.time()) if at is None else at
        headers = signed_headers("POST", url, lines, key, secret, stamp, algorithm)
        headers["Content-Type"] = "application/x-ndjson"
        try:
            request = urllib.request.Request(url, data=lines, headers=headers, method="POST")
            with urllib.request.urlopen(request, timeout=60) as answer:
                decoded: dict[str, object] = json.load(answer)
                return decoded
        except urllib.error.HTTPError as error:
            if last or error.code not in (429, 503):  # these say when to come again
                raise
            time.sleep(int(error.headers.get("Retry-After", "5")))
    raise AssertionError("the last attempt returns or raises")


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    answer = report(*sys.argv[1:4], Path(sys.argv[4]).read_bytes(), algorithm=(*sys.argv[5:], "HMAC-SM3")[0])
    print(json.dumps(answer["counts"], ensure_ascii=False))
    for result in answer["results"]:  # type: ignore[attr-defined]
        print(result["line"], result["verdict"], result.get("url") or "", result.get("reasons") or "")
