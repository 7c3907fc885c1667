"""A real mail server on this machine, with a certificate of its own, that takes, refuses, closes and hangs as it is told."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
FROM = "notices@hcp.example.cn"
USER, PASSWORD = "notices", "mail-of-the-test"


@dataclass
class MailRoom:
    """`environment` are the settings that lead here. `recipient`, `data`: what is answered instead of 250; `act`
    what is done once a mail has come in whole: "" takes it, "close" takes it and ends the connection without a word."""

    environment: dict[str, str] = field(default_factory=dict)
    recipient: str = ""
    data: str = ""
    act: str = ""
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    taken: list[tuple[tuple[str, ...], EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.data:
            return self.data
        parsed: Any = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        self.taken.append((tuple(envelope.rcpt_tos), parsed))
        if self.act == "close":
            server.transport.abort()
        return "250 OK"


class _Room(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        """Whether it is there; aiosmtpd's own way needs the port beforehand, and no certificate."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection((HOST, self.port), 5.0):
            self._factory_invoked.wait(5.0)


@contextmanager
def mail_room(folder: Path, *, security: str = "tls", host: str = HOST) -> Iterator[MailRoom]:
    """A server that is there within the block. `host`: whom its certificate names."""
    room, (certificate, key) = MailRoom(), _certificate(folder, host)
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(certificate, key)

    def authenticate(
        _server: object, _session: object, _envelope: object, _way: object, given: Any
    ) -> AuthResult:
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        if right:
            room.signed_in.append(given.login.decode())
        return AuthResult(success=right, handled=False)

    settings: dict[str, Any] = {"authenticator": authenticate, "auth_required": True}
    if security == "tls":
        controller = _Room(room, hostname=HOST, port=0, ssl_context=trust, auth_require_tls=False, **settings)
    else:
        controller = _Room(room, hostname=HOST, port=0, tls_context=trust, require_starttls=True, **settings)
    controller.start()
    room.environment = {
        "HAOCHAPING_SMTP_HOST": HOST,
        "HAOCHAPING_SMTP_PORT": str(controller.port),
        "HAOCHAPING_SMTP_SECURITY": security,
        "HAOCHAPING_SMTP_FROM": f"好差评 <{FROM}>",
        "HAOCHAPING_SMTP_USER": USER,
        "HAOCHAPING_SMTP_PASSWORD": PASSWORD,
        "HAOCHAPING_SMTP_CA_FILE": str(certificate),
    }
    try:
        yield room
    finally:
        controller.stop()


def _certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Certificate and key of a server that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of the test")])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "mail.pem", folder / "mail.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server((HOST, 0)) as listening:
        held: list[socket.socket] = []
        thread = threading.Thread(target=lambda: _hold(listening, held), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        for each in held:
            each.close()


def _hold(listening: Any, held: list[Any]) -> None:
    try:
        while True:
            held.append(listening.accept()[0])
    except OSError:
        return
