"""Settings of mail and text messages: what is missing or cannot be is said by name, and never with a secret."""

import pytest

from haochaping.exchange import mail, sms
from haochaping.foundation.errors import Refused

MAIL = {"HAOCHAPING_SMTP_HOST": "smtp.example.cn", "HAOCHAPING_SMTP_FROM": "好差评 <notices@example.cn>"}
SMS = {"HAOCHAPING_SMS_URL": "https://sms.example.cn/send", "HAOCHAPING_SMS_SECRET": "gateway-of-the-test"}


def test_nothing_is_set_up_without_a_host_or_an_address() -> None:
    assert mail.mail_server({}) is None
    assert sms.gateway({}) is None


def test_mail_is_encrypted_from_the_first_byte_unless_it_is_said_otherwise() -> None:
    server = mail.mail_server(MAIL)
    assert server is not None
    assert (server.port, server.security, server.sender.addr_spec) == (465, "tls", "notices@example.cn")
    assert server.sender.display_name == "好差评"
    later = mail.mail_server({**MAIL, "HAOCHAPING_SMTP_SECURITY": "starttls"})
    assert later is not None
    assert later.port == 587


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURITY", "none"),
        ("PORT", "smtp"),
        ("PORT", "70000"),
        ("FROM", ""),
        ("FROM", "nobody"),
        ("FROM", "a@b.cn, c@d.cn"),
        ("USER", "someone"),
        ("PASSWORD", "of-the-test"),
    ],
)
def test_mail_settings_that_cannot_be_are_said(name: str, value: str) -> None:
    with pytest.raises(Refused, match="HAOCHAPING_SMTP_" + name) as refused:
        mail.mail_server({**MAIL, f"HAOCHAPING_SMTP_{name}": value})
    assert "of-the-test" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "ftp://sms.example.cn"),
        ("SECRET", "short"),
        ("ALGORITHM", "MD5"),
        ("TEMPLATE", "{phone"),
        ("TEMPLATE", '{"to": "{phone}", "words": "{text}", "level": "{level}"}'),
        ("TEMPLATE", '{"to": "{phone}"}'),
        ("TEMPLATE", '{"words": "{text}"}'),
        ("ACCEPTED", "ok"),
        ("ACCEPTED", "=0"),
    ],
)
def test_settings_of_the_gateway_that_cannot_be_are_said(name: str, value: str) -> None:
    with pytest.raises(Refused, match="HAOCHAPING_SMS_" + name):
        sms.gateway({**SMS, f"HAOCHAPING_SMS_{name}": value})


def test_neither_shows_its_secret() -> None:
    server = mail.mail_server(
        {**MAIL, "HAOCHAPING_SMTP_USER": "u", "HAOCHAPING_SMTP_PASSWORD": "of-the-test"}
    )
    assert "of-the-test" not in repr(server)
    assert "gateway-of-the-test" not in repr(sms.gateway(SMS))
