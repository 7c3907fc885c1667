"""What has been kept long enough goes, and it is proved that nothing older is left."""

from datetime import datetime

from haochaping.exchange.webhook import told
from haochaping.intake.importing.journal import forget_imports, imports_left
from haochaping.oversight.operations.retention import Way, apply_terms
from haochaping.oversight.operations.retention_alarms import ALL, watch_terms
from haochaping.policy.retention import terms
from haochaping.policy.rule_files import data_dir
from haochaping.policy.sources import RulesError


def run(*, now: datetime) -> int:
    """How many things went. Raises RetentionFailed when anything should be gone and is not, and RulesError, before anything
    is deleted, when the operator's terms cannot be read."""
    try:
        in_force = terms()
    except RulesError as problem:
        watch_terms({ALL: str(problem)}, now=now, tell=told())
        raise
    data = data_dir()
    imports = Way(
        lambda _, before: forget_imports(data, before) if data else 0,
        lambda _, before: imports_left(data, before) if data else 0,
    )
    return apply_terms(terms=in_force, now=now, others={"imports": imports}, tell=told())
