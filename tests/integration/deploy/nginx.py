"""A real nginx with the site that we ship: only ports, folders and the certificate's place are this test's own."""

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from haochaping.cli.stage import free_port
from haochaping.foundation.clock import now

ROOT = Path(__file__).parents[3]
SITE = ROOT / "deploy" / "nginx" / "haochaping.conf"
NAME = "hcp.example.cn"
FOLDERS = ("/opt/haochaping", "/etc/haochaping/tls", "/run/haochaping", "/var/log/nginx")
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Nginx:
    """`folder` has the sockets of door and web (door.sock, web.sock) and the logs."""

    folder: Path
    plain: int
    secure: int

    @property
    def access_log(self) -> str:
        return (self.folder / "haochaping.access.log").read_text()

    @property
    def logs(self) -> str:
        """All that nginx wrote down anywhere."""
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def listen(self, name: str) -> socket.socket:
        """The socket of "door" or "web", as systemd holds it."""
        path = self.folder / f"{name}.sock"
        path.unlink(missing_ok=True)
        held = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        held.bind(str(path))
        path.chmod(0o666)
        held.listen(4096)
        return held

    def client(self, source: str = "127.0.0.1", *, name: str = NAME) -> aiohttp.ClientSession:
        """A browser at this address of the machine; knows the site's name and believes its certificate."""
        believed = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        connector = aiohttp.TCPConnector(
            ssl=believed, resolver=_Here(), local_addr=(source, 0), use_dns_cache=False
        )
        return aiohttp.ClientSession(f"https://{name}:{self.secure}", connector=connector)


class _Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def nginx(folder: Path) -> AsyncIterator[Nginx]:
    """nginx with our site in a folder of its own, gone afterwards."""
    folder.chmod(0o755)
    site = Nginx(folder, free_port(), free_port())
    _certificate(folder)
    configuration = _configuration(site)
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program, "the tests need nginx: ./haochaping test installs it for root"
    command = [program, "-p", str(folder), "-c", str(configuration), "-e", str(folder / "start.log")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr, tried.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", site.secure)) == 0:
                    break
            assert process.poll() is None, site.logs
            await asyncio.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait(60)


def _configuration(site: Nginx) -> Path:
    """The shipped site in a frame such as Debian's, with this test's ports and folders."""
    text = SITE.read_text()
    for path in FOLDERS:
        assert path in text
        text = text.replace(path, str(ROOT if path == "/opt/haochaping" else site.folder))
    for shipped, ours in (("80", site.plain), ("443", site.secure)):
        assert f"listen {shipped}" in text
        text = text.replace(f"listen {shipped}", f"listen 127.0.0.1:{ours}")
        text = text.replace(f"listen [::]:{shipped}", f"listen 127.0.0.2:{ours}")
    (site.folder / "site.conf").write_text(text)
    temporary = "".join(f"{name}_temp_path {site.folder}/{name};\n" for name in _TEMPORARY)
    user = "user root;\n" if os.geteuid() == 0 else ""
    frame = site.folder / "nginx.conf"
    frame.write_text(
        f"{user}worker_processes 1;\npid {site.folder}/nginx.pid;\nerror_log {site.folder}/main.log;\n"
        f"events {{ worker_connections 256; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\ndefault_type application/octet-stream;\n{temporary}"
        f"access_log off;\ninclude {site.folder}/site.conf;\n}}\n"
    )
    return frame


def _certificate(folder: Path) -> None:
    """A key and a certificate that it signed itself, for the site's name."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName("other.cn")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
