"""Makes a new PostgreSQL cluster: all of it, or nothing that a later start could take for one."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from haochaping.starter.account import Account, private_folder
from haochaping.starter.children import kill_group
from haochaping.starter.durability import THROWAWAY
from haochaping.starter.programs import Programs
from haochaping.starter.progress import StartError

ROLE = "haochaping"
DATABASE = "haochaping"

# For a machine of 2-4 GB that runs our processes as well. What makes a commit durable stays on.
SETTINGS: dict[str, str] = {
    "listen_addresses": "''",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %a '",
    "log_checkpoints": "off",
}
# Statements, their parameters, and even the first line of an error ("invalid input syntax for ...") quote values, and
# values may be names and numbers of people. Given on the server's command line, so that no file changes them: errors
# of statements are told to whoever sent them, and the log keeps what concerns the server.
DISCREET: dict[str, str] = {
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_duration": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_lock_waits": "off",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}
# For clusters that live as long as one run of the tests.
HASTY: dict[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    THROWAWAY: "on",
}


def bare_environment() -> dict[str, str]:
    """What PostgreSQL's programs get to see: none of our keys, no PG* variable that would mislead them."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def exists(folder: Path) -> bool:
    return (folder / "PG_VERSION").exists()


def major_version(folder: Path) -> int | None:
    """The PostgreSQL version that wrote the cluster in `folder`; None when there is none."""
    return int((folder / "PG_VERSION").read_text().strip()) if exists(folder) else None


def create(
    folder: Path, *, programs: Programs, account: Account | None, password: str, hasty: bool = False
) -> None:
    """Makes a cluster with the database and the role `haochaping` in `folder`, which must not exist yet.

    UTF-8, C locale, data checksums, scram-sha-256; our role is no superuser. Raises StartError.
    """
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    private_folder(unfinished, account)
    try:
        _initialise(unfinished, programs, account, hasty=hasty)
        settings = SETTINGS | (HASTY if hasty else {})
        with (unfinished / "postgresql.conf").open("a") as file:
            file.write("\n# What haochaping sets at the beginning; change it here.\n")
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        _found(unfinished, programs, account, password, hasty=hasty)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _initialise(folder: Path, programs: Programs, account: Account | None, *, hasty: bool) -> None:
    # Thrown away: who must be superuser uses `postgres --single`. Beside, for initdb wants an empty folder.
    beside = private_folder(folder.with_name(folder.name + ".key"), account)
    password_file = beside / "password"
    password_file.write_text(secrets.token_hex(24) + "\n")
    if account is not None:
        os.chown(password_file, account.uid, account.gid)
    command = [programs.path("initdb"), "-D", str(folder), "-U", "postgres", "--encoding=UTF8", "--locale=C"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums", "--no-instructions"]
    try:
        _run(command + (["--no-sync"] if hasty else []), account)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _found(folder: Path, programs: Programs, account: Account | None, password: str, *, hasty: bool) -> None:
    """Role and database, written by the single-user server: no password is in a command line."""
    statements = [
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint TO {ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    ]
    if hasty:  # tests empty tables that refuse it from everybody else
        statements.append(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
    command = [programs.path("postgres"), "--single", "-j", "-D", str(folder), "postgres"]
    _run(command, account, words="".join(f"{statement};\n\n" for statement in statements))


def _run(
    command: list[str],
    account: Account | None,
    *,
    words: str | None = None,
) -> None:
    """One of PostgreSQL's programs as the account. Raises StartError with the end of what it said."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL if words is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env=bare_environment(),
        process_group=0,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=account.groups if account else None,
    )
    try:
        answer, _ = process.communicate(words)
    except BaseException:
        kill_group(process.pid)
        process.wait()
        raise
    if process.returncode != 0 or "ERROR:" in answer or "FATAL:" in answer:
        name = Path(command[0]).name
        raise StartError(
            f"PostgreSQL's {name} could not make the database in {command[command.index('-D') + 1]}:\n"
            f"{answer.strip()[-1500:]}\n"
            "Nothing is left of it; look for a full disk or missing rights, then start again."
        )
