"""What the audit trail tells."""

from haochaping.audit.models import AuditEntry


def recorded(act: str) -> bool:
    """Whether an act of that name was ever recorded."""
    return AuditEntry.objects.filter(act=act).exists()
