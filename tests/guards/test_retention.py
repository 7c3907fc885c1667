"""Every table that holds sealed or personal data is named in the data of retention; what has a term can be deleted."""

import re

from django.apps import apps
from django.db import models

from haochaping.oversight.operations.retention import WAYS
from haochaping.policy.retention import known_terms

# By what columns are called, and what they are: sealed bytes, keyed hashes, free text, names, numbers of people and cases.
TELLING = re.compile(
    r"name|phone|document|mobile|address|device|text|note|answer|actor|username|password|secret|digest|project_no"
    r"|purpose|record|detail|session_data|data|number$|key$|args"
)
TYPES = (models.BinaryField, models.TextField, models.JSONField)
# Not ours to fill with people: what Django and the queue of jobs need for themselves (their arguments are times only).
FRAMEWORK = {"django_content_type", "auth_permission", "auth_group", "django_migrations"}
QUEUE = re.compile(r"procrastinate_\w+")
# Columns that look like it and are not: by table and column, each with its reason.
HARMLESS = {
    ("cases_senderday", "*"): "counts of a platform",
    ("cases_librarydifference", "*"): "counts of items and organisations",
    ("registry_edition", "*"): "one number",
    ("identity_phrase", "*"): "words that the registry has, codes of the convention",
    ("tallies_change", "*"): "counts",
    ("tallies_portion", "*"): "names of tallies",
    ("tallies_channelmonth", "*"): "counts",
    ("tallies_correctionday", "*"): "counts",
    ("tallies_organisationday", "*"): "counts",
    ("tallies_organisationmonth", "*"): "counts",
    ("tallies_filled", "*"): "names of tallies",
    ("tallies_staffmonth", "*"): "counts",
}
FILES = {"imports", "logs", "export"}


def telling_tables() -> dict[str, list[str]]:
    """Table → columns that may tell of somebody."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if table in FRAMEWORK or QUEUE.fullmatch(table) or (table, "*") in HARMLESS:
            continue
        columns = [
            field.column
            for field in model._meta.concrete_fields
            if isinstance(field, TYPES) or TELLING.search(field.column or "")
        ]
        if columns:
            found[table] = columns
    return found


def test_every_table_that_may_tell_of_somebody_is_answered_for() -> None:
    answered = {table for kept in known_terms() for table in kept.tables}
    telling = telling_tables()
    assert {"identity_vaultrecord", "ratings_trace", "oversight_pressurereport"} <= telling.keys()
    assert {table: columns for table, columns in telling.items() if table not in answered} == {}


def test_every_table_that_is_answered_for_is_there() -> None:
    there = {model._meta.db_table for model in apps.get_models()}
    assert {table for kept in known_terms() for table in kept.tables} - there == set()
    assert {table for table, _ in HARMLESS} <= there


def test_whatever_has_a_term_or_may_get_one_can_be_deleted_and_proved() -> None:
    wanted = {kept.key for kept in known_terms() if kept.n is not None or kept.deletable}
    assert wanted == WAYS.keys() | {"imports"}


def test_every_kind_is_deleted_kept_for_a_reason_or_undetermined_and_says_by_what_law() -> None:
    for kept in known_terms():
        assert kept.citation.startswith("《"), kept.key
        assert not (kept.because and kept.deletable), kept.key
        assert kept.tables or kept.key in FILES, kept.key
