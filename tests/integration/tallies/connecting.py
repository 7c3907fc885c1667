"""A second connection to the database of the tests, past Django."""

import psycopg
from django.conf import settings


def other_connection(*, autocommit: bool = False) -> psycopg.Connection:
    database = settings.DATABASES["default"]
    return psycopg.connect(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
        autocommit=autocommit,
    )
