"""The running database for a command, whether `up` runs at this moment or not."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haochaping.cli.durability import ensure_durable
from haochaping.cli.indiscretions import tell_of_indiscretions
from haochaping.cli.migration import migrate
from haochaping.foundation.keys import credential_of
from haochaping.starter import postgres
from haochaping.starter.keys import ensure_keys
from haochaping.starter.layout import lay_out
from haochaping.starter.programs import OLDEST
from haochaping.starter.progress import Say, StartError, step

SETTINGS = "haochaping.config.settings"
LANGUAGES = ("zh-hans", "en")


def say(words: str) -> None:
    """Tells the person at the terminal; standard output belongs to the command's answer."""
    print(words, file=sys.stderr, flush=True)


def spoken() -> str:
    """The language in which rooms answer a command: Chinese, or English where HAOCHAPING_LANG says so. Raises StartError.

    Not LANG: it tells what a server was installed with, not who reads.
    """
    wanted = os.environ.get("HAOCHAPING_LANG") or LANGUAGES[0]
    if wanted not in LANGUAGES:
        raise StartError(f"HAOCHAPING_LANG is {wanted}; it may be {' or '.join(LANGUAGES)}.")
    return wanted


@contextmanager
def connected(arguments: argparse.Namespace) -> Iterator[None]:
    """Within this block Django is set up and its database runs, with keys and with all migrations.

    Joins the server of a running `up`, else starts it for the time of the block. What rooms have to say is said in the
    language of HAOCHAPING_LANG. Raises StartError.
    """
    language = spoken()
    with postgres.database(arguments.data, say, who=arguments.command.NAME) as url:
        prepare(arguments.data, url, say)
        from django.utils import translation

        translation.activate(language)
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def prepare(data: Path, url: str, say: Say) -> None:
    """Makes the keys, sets up Django, migrates; DATABASE_URL and HAOCHAPING_DATA are set from then on. Raises StartError,
    also for a database that may forget what it has confirmed."""
    keys = lay_out(data).keys
    used = _has_been_used(url)
    ensure_durable(url)
    tell_of_indiscretions(url, say)
    if not os.environ.get("HAOCHAPING_MASTER_KEY") and credential_of(os.environ) is None:
        ensure_keys(keys, needed_by="what is in the database" if used else None)
    os.environ.update(DATABASE_URL=url, HAOCHAPING_DATA=str(keys.parent), DJANGO_SETTINGS_MODULE=SETTINGS)
    import django

    logging.disable(logging.INFO)  # packages greet each other in the log; nobody waits for that here
    django.setup()
    logging.disable(logging.NOTSET)
    with step(say, "Bringing the database up to date"):
        migrate()


def _has_been_used(url: str) -> bool:
    """Whether a haochaping has already worked in this database, and so needs the key that sealed its data."""
    import psycopg

    try:
        with psycopg.connect(url) as connection:
            version = connection.info.server_version // 10000
            answer = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    except psycopg.OperationalError as error:
        raise StartError(
            f"The database cannot be reached: {str(error).strip()}\n"
            "Look whether it runs and whether DATABASE_URL, if you set it, is right; then start again."
        ) from error
    if version < OLDEST:
        raise StartError(
            f"The database is PostgreSQL {version}; {OLDEST} or later is needed. Move it there first."
        )
    return answer is not None and bool(answer[0])
