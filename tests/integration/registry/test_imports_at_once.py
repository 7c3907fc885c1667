"""Two people import at the same time: one takes the files over, the other finds nothing left to do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection

from haochaping.registry import models, queries
from haochaping.registry.operations import ImportReport, import_registry


def test_two_imports_at_once_become_one_after_the_other(committed_db: None, folder, now: datetime) -> None:
    def take(actor: str) -> ImportReport:
        try:
            return import_registry(directory=folder.path, now=now, actor=actor)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(take, ("one", "other")))
    assert sorted(report.files["items.csv"].new for report in reports) == [0, 330]
    assert sorted(report.files["items.csv"].unchanged for report in reports) == [0, 330]
    assert queries.edition() == 1
    assert models.ItemRecord.objects.count() == 330
