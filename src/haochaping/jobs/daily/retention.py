"""What has been kept long enough goes, and it is proved that nothing older is left."""

from datetime import datetime

from haochaping.intake.importing.journal import forget_imports, imports_left
from haochaping.oversight.operations.retention import Way, apply_terms
from haochaping.policy.retention import terms
from haochaping.policy.rule_files import data_dir


def run(*, now: datetime) -> int:
    """How many things went. Raises RetentionFailed when anything should be gone and is not, and RulesError, before anything
    is deleted, when the operator's terms cannot be read."""
    data = data_dir()
    imports = Way(
        lambda _, before: forget_imports(data, before) if data else 0,
        lambda _, before: imports_left(data, before) if data else 0,
    )
    return apply_terms(terms=terms(), now=now, others={"imports": imports})
