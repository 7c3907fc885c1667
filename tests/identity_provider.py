"""A real OpenID Connect provider on this machine, whose only user has signed in already; it lies when it is told to."""

import base64
import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from haochaping.exchange.identity_provider.settings import Provider

CLIENT, SECRET = "haochaping", "geheim: mit %"
SUBJECT = "u-4711"


@cache
def own_keys() -> dict[str, RSAKey | ECKey]:
    """By algorithm; made when they are first needed."""
    return {
        "RS256": RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}),
        "ES256": ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}),
    }


@dataclass
class Lies:
    """What it does that a provider should not, and what it says in the token beside what it must."""

    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signs_with: RSAKey | ECKey | OctKey | None = None
    token: str | None = None
    document: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    slow: float = 0
    body: bytes | None = None


class IdentityProvider:
    """`asked`: the paths of all requests in their order."""

    def __init__(self) -> None:
        self.lies = Lies()
        self.asked: list[str] = []
        self.published = list(own_keys().values())
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def settings(self, **more: Any) -> Provider:
        return Provider(self.issuer, CLIENT, SECRET, **more)

    @contextmanager
    def running(self) -> Iterator["IdentityProvider"]:
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, query: dict[str, str], form: dict[str, str], head: Any) -> Any:
        """Status, headers and body."""
        self.asked.append(path)
        if self.lies.slow:
            time.sleep(self.lies.slow)
        if path == "/authorize":
            return 302, {"Location": self._led_back(query)}, b""
        if self.lies.body is not None:
            return self.lies.status, {}, self.lies.body
        said: Any = {
            "/.well-known/openid-configuration": self._document,
            "/keys": lambda: KeySet(list(self.published)).as_dict(),
            "/token": lambda: self._redeemed(form, head),
        }[path]()
        status = 400 if "error" in said else self.lies.status
        return status, {"Content-Type": "application/json"}, json.dumps(said).encode()

    def _document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            **self.lies.document,
        }

    def _led_back(self, asked: dict[str, str]) -> str:
        assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = os.urandom(12).hex()
        self._codes[code] = asked
        return (
            asked["redirect_uri"]
            + "?"
            + urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        )

    def _redeemed(self, form: dict[str, str], head: Any) -> dict[str, Any]:
        scheme, _, pair = head.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        if (scheme, unquote(name), unquote(secret)) != ("Basic", CLIENT, SECRET):
            return {"error": "invalid_client"}
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return {"error": "invalid_grant"}
        return {"access_token": "unread", "token_type": "Bearer", "id_token": self._token(asked)}

    def _token(self, asked: dict[str, str]) -> str:
        if self.lies.token is not None:
            return self.lies.token
        at = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": SUBJECT,
            "nonce": asked["nonce"],
            "iat": at,
            "exp": at + 300,
            **self.lies.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.lies.signs_with or own_keys()[self.lies.algorithm]
        header = {"alg": self.lies.algorithm, **({"kid": key.kid} if key.kid else {})}
        return jwt.encode(header, claims, key, algorithms=[self.lies.algorithm])


def unsigned(claims: dict[str, Any]) -> str:
    """A token with the algorithm "none"."""
    parts = [json.dumps(each).encode() for each in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts) + "."


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(_single(parse_qs(body, strict_parsing=True)))

        def _answer(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            query = _single(parse_qs(parts.query))
            status, headers, body = provider.answer(self.command, parts.path, query, form, self.headers)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Nobody reads it."""

    return Handler


def _single(found: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in found.items()}
