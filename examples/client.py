"""Reports service occasions to haochaping and prints what became of each record. Standard library only (OpenSSL with SM3).

python3 examples/client.py http://127.0.0.1:8000 KEY SECRET occasions.ndjson
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


def signed_headers(method: str, url: str, body: bytes, key: str, secret: str, at: int) -> dict[str, str]:
    """The four X-HCP headers for one request. `at` is in Unix seconds; the nonce is good once."""
    parts = urlsplit(url)
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    nonce = secrets.token_hex(16)
    digest = hashlib.new("sm3", body).hexdigest()
    text = "\n".join([method, parts.path, query, str(at), nonce, digest])
    signature = hmac.new(secret.encode(), text.encode(), "sm3").hexdigest()
    return {"X-HCP-Key": key, "X-HCP-Timestamp": str(at), "X-HCP-Nonce": nonce, "X-HCP-Signature": signature}


def report(base_url: str, key: str, secret: str, lines: bytes, at: int | None = None) -> dict[str, object]:
    """Sends NDJSON; returns the decoded answer. Raises urllib.error.HTTPError when the call as a whole is refused."""
    url = base_url.rstrip("/") + "/api/v1/occasions"
    headers = signed_headers("POST", url, lines, key, secret, int(time.time()) if at is None else at)
    headers["Content-Type"] = "application/x-ndjson"
    request = urllib.request.Request(url, data=lines, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        decoded: dict[str, object] = json.load(answer)
        return decoded


def main() -> int:
    base_url, key, secret, file = sys.argv[1:5]
    try:
        answer = report(base_url, key, secret, Path(file).read_bytes())
    except urllib.error.HTTPError as error:
        print(f"refused with {error.code}: {error.read().decode()}", file=sys.stderr)
        return 1
    print(json.dumps(answer["counts"], ensure_ascii=False))
    for result in answer["results"]:  # type: ignore[attr-defined]
        print(result["line"], result["verdict"], result.get("url") or "", result.get("reasons") or "")
    return 0


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) == 5 else __doc__)
