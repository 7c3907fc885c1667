"""Whether a PostgreSQL that is not ours writes values of statements, names among them, into its log."""

import psycopg

from haochaping.starter.progress import Say

_SAFE = """
SELECT name FROM pg_settings
WHERE name IN ('log_statement', 'log_min_duration_statement', 'log_min_duration_sample', 'log_duration',
               'log_transaction_sample_rate', 'log_lock_waits')
  AND setting NOT IN ('none', '-1', 'off', '0')
   OR name = 'log_min_error_statement' AND setting NOT IN ('fatal', 'panic')
   OR name = 'log_min_messages' AND setting NOT IN ('log', 'fatal', 'panic')
   OR name = 'log_error_verbosity' AND setting <> 'terse'
   OR name IN ('log_parameter_max_length', 'log_parameter_max_length_on_error') AND setting <> '0'
   OR name = 'shared_preload_libraries' AND setting ~ 'auto_explain|pg_stat_statements|pgaudit'
ORDER BY name
"""


def indiscreet_settings(url: str) -> list[str]:
    """The settings by which this server tells more than it may. Raises what psycopg raises."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(_SAFE).fetchall()]


def tell_of_indiscretions(url: str, say: Say) -> None:
    """A warning where there are any; our own server is started so that there are none."""
    if found := indiscreet_settings(url):
        say(
            "Warning: this PostgreSQL may write people's names and numbers into its log or its statistics; "
            f"see docs/identity.md for what to set: {', '.join(found)}"
        )
