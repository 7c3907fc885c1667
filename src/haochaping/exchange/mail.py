"""E-mail by SMTP, never without TLS: one connection a message, so that no mail spoils another (docs/notices.md)."""

import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from typing import Any, Final

from haochaping.exchange.outcome import Message, NotTold
from haochaping.foundation.deadline import ends_after
from haochaping.foundation.errors import Refused

PREFIX: Final = "HAOCHAPING_SMTP"
TLS: Final = "tls"  # from the first byte on
STARTTLS: Final = "starttls"
_PORTS: Final = {TLS: 465, STARTTLS: 587}
_SECONDS: Final = 10
_IN_ALL: Final = 60
_WELCOME: Final = 220
_FOR_GOOD: Final = range(500, 600)


class MailUnusable(Refused):
    """The settings of the mail server cannot be used."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Whom to hand mail to. `authority`: a file with the certificate of who vouches for the server, "" for the system's."""

    host: str
    port: int
    security: str
    sender: Address
    user: str
    password: str
    authority: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host}:{self.port})"


def mail_server(environment: Mapping[str, str] = os.environ) -> MailServer | None:
    """From HAOCHAPING_SMTP_HOST, _PORT, _SECURITY, _FROM, _USER, _PASSWORD and _CA_FILE; None without a host. Raises
    MailUnusable."""

    def setting(name: str, otherwise: str = "") -> str:
        return environment.get(f"{PREFIX}_{name}", otherwise).strip()

    host = setting("HOST")
    if not host:
        return None
    security = setting("SECURITY", TLS)
    if security not in _PORTS:
        raise MailUnusable(
            "smtp_security",
            f"{PREFIX}_SECURITY is {TLS} (from the first byte on) or {STARTTLS}: mail is not handed over unencrypted.",
        )
    port = setting("PORT", str(_PORTS[security]))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise MailUnusable("smtp_port", f"{PREFIX}_PORT is a number from 1 to 65535.")
    user, password = setting("USER"), environment.get(f"{PREFIX}_PASSWORD", "")
    if bool(user) != bool(password):
        raise MailUnusable(
            "smtp_user", f"{PREFIX}_USER and {PREFIX}_PASSWORD go together: give both or neither."
        )
    return MailServer(host, int(port), security, _sender(setting("FROM")), user, password, setting("CA_FILE"))


def send(to: MailServer, message: Message, *, created_at: datetime) -> None:
    """One mail, taken by the server or not: raises NotTold. Where the line breaks before its word came, nobody knows; the
    same is then sent again under the same Message-ID."""
    mail = written(to.sender, message, created_at=created_at)
    try:
        with _session(to) as session:
            session.send_message(mail, from_addr=to.sender.addr_spec, to_addrs=[message.to])
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotTold(f"SMTP {code} recipient", for_good=code in _FOR_GOOD) from None
    except smtplib.SMTPDataError as error:
        raise NotTold(f"SMTP {error.smtp_code} message") from None
    except smtplib.SMTPResponseException as error:
        raise NotTold(f"SMTP {error.smtp_code}", away=True) from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotTold(type(error).__name__, away=True) from None


def written(sender: Address, message: Message, *, created_at: datetime) -> EmailMessage:
    """The mail, byte for byte the same each time that it is sent."""
    mail = EmailMessage(policy=CRLF.clone(cte_type="7bit"))
    mail["From"] = sender
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.title
    mail["Date"] = created_at
    mail["Message-ID"] = f"<{message.id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join((*message.lines, message.link)) + "\n")
    return mail


@contextmanager
def _session(to: MailServer) -> Iterator[smtplib.SMTP]:
    """Connected, encrypted, signed in. What the server says after it has taken a mail changes nothing any more."""
    trust = ssl.create_default_context(cafile=to.authority or None)
    named: dict[str, Any] = {"local_hostname": to.sender.domain, "timeout": _SECONDS}
    session = smtplib.SMTP_SSL(context=trust, **named) if to.security == TLS else smtplib.SMTP(**named)
    # What the certificate is held against. The constructor would set it, but connects at once, with no end in sight.
    session._host = to.host  # type: ignore[attr-defined]
    try:
        with ends_after(_IN_ALL, lambda: session.sock):
            code, _ = session.connect(to.host, to.port)
            if code != _WELCOME:
                raise smtplib.SMTPConnectError(code, "")
            if to.security == STARTTLS:
                session.starttls(context=trust)
            if to.user:
                session.login(to.user, to.password)
            yield session
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
    finally:
        session.close()


def _sender(text: str) -> Address:
    """Raises MailUnusable."""
    name, _, spec = text.rpartition("<")
    try:
        return Address(name.strip().strip('"'), addr_spec=(spec or text).strip(" >"))
    except (ValueError, IndexError, AttributeError, MessageError):
        raise MailUnusable(
            "smtp_from",
            f"{PREFIX}_FROM is an address, such as notices@example.cn or 好差评 <notices@example.cn>.",
        ) from None
