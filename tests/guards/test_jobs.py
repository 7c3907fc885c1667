"""No job without a schedule, and no schedule without a job."""

import importlib

from croniter import croniter

from haochaping.jobs import schedule
from tests.guards.floors import SOURCE

FOLDERS = ("secondly", "minutely", "hourly", "daily", "monthly")


def files() -> set[str]:
    return {
        f"{folder}.{path.stem}"
        for folder in FOLDERS
        for path in (SOURCE / "jobs" / folder).glob("*.py")
        if path.stem != "__init__"
    }


def scheduled() -> dict[str, object]:
    return {**schedule.SECONDLY, **{job.name: job.run for job in schedule.PERIODIC}}


def test_every_file_is_scheduled_under_its_own_name() -> None:
    assert len(files()) > 4
    assert scheduled().keys() == files()
    for name, run in scheduled().items():
        assert importlib.import_module(f"haochaping.jobs.{name}").run is run


def test_every_folder_means_what_it_says() -> None:
    stars = {"minutely": 5, "hourly": 4, "daily": 3, "monthly": 2}
    for job in schedule.PERIODIC:
        assert croniter.is_valid(job.cron)
        assert job.cron.split().count("*") == stars[job.name.split(".")[0]], job.name
