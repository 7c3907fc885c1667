"""What the audit trail tells."""

from haochaping.audit.models import AuditEntry


def recorded(act: str, *, subject: str = "") -> bool:
    """Whether an act of that name was ever recorded, or one about this subject."""
    found = AuditEntry.objects.filter(act=act)
    return (found.filter(subject=subject) if subject else found).exists()
