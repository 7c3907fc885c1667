"""Who may do what: the permission map. What the state of a thing allows is said in its own room."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

LINK_DAYS = 7


class Role(StrEnum):
    """What a post makes of its holder."""

    WINDOW_STAFF = "window_staff"
    ORGANISATION_HANDLER = "organisation_handler"
    ORGANISATION_APPROVER = "organisation_approver"
    AUTHORITY_OFFICER = "authority_officer"
    AUTHORITY_LEADER = "authority_leader"
    HOTLINE_AGENT = "hotline_agent"
    INSPECTOR = "inspector"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


class Permission(StrEnum):
    MANAGE_OFFICIALS = "officials.manage"
    VIEW_SIGN_INS = "sign_ins.view"
    READ_AUDIT = "audit.read"
    VIEW_ORDERS = "orders.view"
    HANDLE_ORDERS = "orders.handle"
    SEE_CONTACT = "orders.contact"
    DISPATCH_ORDERS = "orders.dispatch"
    APPROVE_ANSWERS = "orders.approve"
    GRANT_EXTENSIONS = "orders.extend"
    UPLOAD_RESULTS = "orders.upload"
    MAKE_FORMS = "orders.form"
    SUPERVISE_ORDERS = "orders.supervise"
    VIEW_SENDERS = "senders.view"
    DECIDE_QUARANTINE = "quarantine.decide"
    VIEW_COVERAGE = "coverage.view"
    VIEW_CORRECTIONS = "corrections.view"
    VIEW_CODES = "codes.view"
    VIEW_WATCH = "watch.view"
    ACKNOWLEDGE_ALARMS = "alarms.acknowledge"
    HANDLE_PRESSURE = "pressure.handle"
    URGE_PRESSURE = "pressure.urge"
    VIEW_REVISITS = "revisits.view"
    CONDUCT_REVISITS = "revisits.conduct"
    FILE_OBJECTIONS = "objections.file"
    FILE_OWN_OBJECTIONS = "objections.file_own"
    DECIDE_OBJECTIONS = "objections.decide"
    CONFIRM_VOIDING = "voiding.confirm"
    VIEW_SCORES = "scores.view"
    RUN_SCORES = "scores.run"
    SIGN_SCORES = "scores.sign"
    REMARK_ON_SCORES = "scores.remark"
    PUBLISH = "publications.publish"
    ASK_EXPORT = "export.ask"
    RELEASE_ANSWERS = "answers.release"
    VIEW_EVIDENCE = "evidence.view"
    ADD_EVIDENCE = "evidence.add"
    VIEW_VIDEO = "video.view"
    MANAGE_CAMERAS = "cameras.manage"


class Scope(StrEnum):
    """How far a permission reaches from the organisation of the post."""

    OWN = "own"  # this organisation alone
    SUBTREE = "subtree"  # an authority: all organisations of its division and of the divisions below


# Why each permission is given, and by which clause, is said beside it in law.py; docs/permissions.md is made of both.
MAP: Mapping[Role, Mapping[Permission, Scope]] = {
    Role.ORGANISATION_HANDLER: {
        Permission.VIEW_ORDERS: Scope.OWN,
        Permission.HANDLE_ORDERS: Scope.OWN,
        Permission.SEE_CONTACT: Scope.OWN,
        Permission.VIEW_REVISITS: Scope.OWN,
        Permission.CONDUCT_REVISITS: Scope.OWN,
        Permission.FILE_OBJECTIONS: Scope.OWN,
        # By another person than the one who wrote the answer: the rectification room sees to that.
        Permission.APPROVE_ANSWERS: Scope.OWN,
        # What his own organisation brought, and nothing that an authority gathers: the rectification room sees to that.
        Permission.VIEW_EVIDENCE: Scope.OWN,
        Permission.ADD_EVIDENCE: Scope.OWN,
        # Of 实名 ratings, while he verifies: the rectification room sees to that.
        Permission.VIEW_VIDEO: Scope.OWN,
        Permission.VIEW_CODES: Scope.OWN,
        Permission.MAKE_FORMS: Scope.OWN,
        Permission.VIEW_SCORES: Scope.OWN,
        Permission.REMARK_ON_SCORES: Scope.OWN,
    },
    Role.AUTHORITY_OFFICER: {
        Permission.VIEW_ORDERS: Scope.SUBTREE,
        Permission.DISPATCH_ORDERS: Scope.SUBTREE,
        Permission.GRANT_EXTENSIONS: Scope.SUBTREE,
        Permission.UPLOAD_RESULTS: Scope.SUBTREE,
        Permission.MAKE_FORMS: Scope.SUBTREE,
        Permission.SUPERVISE_ORDERS: Scope.SUBTREE,
        Permission.VIEW_SENDERS: Scope.SUBTREE,
        Permission.DECIDE_QUARANTINE: Scope.SUBTREE,
        Permission.VIEW_COVERAGE: Scope.SUBTREE,
        # Not of his own organisation: the publication room sees to that.
        Permission.VIEW_CORRECTIONS: Scope.SUBTREE,
        Permission.VIEW_CODES: Scope.SUBTREE,
        Permission.VIEW_WATCH: Scope.SUBTREE,
        Permission.ACKNOWLEDGE_ALARMS: Scope.SUBTREE,
        # What citizens report of being pressed goes to this authority and to nobody else, above or below.
        Permission.HANDLE_PRESSURE: Scope.OWN,
        Permission.VIEW_REVISITS: Scope.SUBTREE,
        # Those that the rules give to this authority: what a unit below is to do itself is not done for it.
        Permission.CONDUCT_REVISITS: Scope.OWN,
        # The body that the rules name, and none above it.
        Permission.DECIDE_OBJECTIONS: Scope.OWN,
        Permission.CONFIRM_VOIDING: Scope.OWN,
        Permission.VIEW_SCORES: Scope.SUBTREE,
        # Of its own division: the authority of each place answers for its scores.
        Permission.RUN_SCORES: Scope.OWN,
        Permission.SIGN_SCORES: Scope.OWN,
        Permission.PUBLISH: Scope.OWN,
        Permission.ASK_EXPORT: Scope.SUBTREE,
        # Where the rules name a body, that one alone: the publication room sees to that.
        Permission.RELEASE_ANSWERS: Scope.SUBTREE,
        Permission.VIEW_EVIDENCE: Scope.SUBTREE,
        Permission.ADD_EVIDENCE: Scope.SUBTREE,
        Permission.VIEW_VIDEO: Scope.SUBTREE,
    },
    Role.WINDOW_STAFF: {
        # Of ratings of himself alone: the rectification room sees to that.
        Permission.FILE_OWN_OBJECTIONS: Scope.OWN,
    },
    Role.ORGANISATION_APPROVER: {
        Permission.VIEW_ORDERS: Scope.OWN,
        Permission.APPROVE_ANSWERS: Scope.OWN,
        Permission.VIEW_SCORES: Scope.OWN,
        Permission.REMARK_ON_SCORES: Scope.OWN,
        Permission.VIEW_EVIDENCE: Scope.OWN,
    },
    Role.AUTHORITY_LEADER: {
        Permission.VIEW_ORDERS: Scope.SUBTREE,
        Permission.VIEW_EVIDENCE: Scope.SUBTREE,
        Permission.ADD_EVIDENCE: Scope.SUBTREE,
        Permission.VIEW_VIDEO: Scope.SUBTREE,
        Permission.DISPATCH_ORDERS: Scope.SUBTREE,
        Permission.GRANT_EXTENSIONS: Scope.SUBTREE,
        Permission.MAKE_FORMS: Scope.SUBTREE,
        Permission.SUPERVISE_ORDERS: Scope.SUBTREE,
        Permission.DECIDE_OBJECTIONS: Scope.OWN,
        Permission.CONFIRM_VOIDING: Scope.OWN,
        # He is told which is late, and reads none: no page asks for it.
        Permission.URGE_PRESSURE: Scope.OWN,
        Permission.VIEW_SENDERS: Scope.SUBTREE,
        Permission.VIEW_REVISITS: Scope.SUBTREE,
        Permission.VIEW_COVERAGE: Scope.SUBTREE,
        # Not of his own organisation: the publication room sees to that.
        Permission.VIEW_CORRECTIONS: Scope.SUBTREE,
        Permission.VIEW_WATCH: Scope.SUBTREE,
        Permission.VIEW_SCORES: Scope.SUBTREE,
        Permission.SIGN_SCORES: Scope.OWN,
        Permission.PUBLISH: Scope.OWN,
        Permission.ASK_EXPORT: Scope.SUBTREE,
        # Where the rules name a body, that one alone: the publication room sees to that.
        Permission.RELEASE_ANSWERS: Scope.SUBTREE,
    },
    Role.HOTLINE_AGENT: {
        # Where the rules name 12345 (Tianjin); the post is at the authority for which the hotline calls.
        Permission.VIEW_REVISITS: Scope.OWN,
        Permission.CONDUCT_REVISITS: Scope.OWN,
    },
    Role.INSPECTOR: {
        Permission.VIEW_ORDERS: Scope.SUBTREE,
        Permission.VIEW_REVISITS: Scope.SUBTREE,
        Permission.VIEW_COVERAGE: Scope.SUBTREE,
        # Not of his own organisation: the publication room sees to that.
        Permission.VIEW_CORRECTIONS: Scope.SUBTREE,
        Permission.VIEW_SCORES: Scope.SUBTREE,
        Permission.ASK_EXPORT: Scope.SUBTREE,
    },
    Role.SYSTEM_ADMINISTRATOR: {
        Permission.MANAGE_OFFICIALS: Scope.SUBTREE,
        Permission.MANAGE_CAMERAS: Scope.SUBTREE,
        Permission.VIEW_WATCH: Scope.SUBTREE,
        Permission.ACKNOWLEDGE_ALARMS: Scope.SUBTREE,
    },
    Role.SECURITY_ADMINISTRATOR: {
        Permission.VIEW_SIGN_INS: Scope.SUBTREE,
    },
    Role.AUDIT_ADMINISTRATOR: {
        Permission.READ_AUDIT: Scope.SUBTREE,
    },
}

# Whoever keeps the system running, watches who gets in, or reads the trail, does none of the other things: neither
# another of the three nor any role of those who rate, handle and decide.
ADMINISTRATORS: Final = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
)
# For whom a password alone is not enough, unless the installation says otherwise.
SECOND_FACTOR_ROLES: Final = ADMINISTRATORS | {Role.AUTHORITY_OFFICER, Role.AUTHORITY_LEADER}

# Guessing of passwords: failures before the first lock, which then doubles with every further one. A name is
# first locked for one address alone: else whoever knows it could keep its holder out from anywhere. An address
# may stand for a whole office behind one router, so it is given more.
FREE_FAILURES_USERNAME_THERE = 5
FREE_FAILURES_USERNAME = 50
FREE_FAILURES_ADDRESS = 30
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)
# Of a name from all addresses together. Shorter than the longest lock, so that one address alone, locked for longer
# and longer, never locks the name for all.
FORGOTTEN_OF_ALL_AFTER = timedelta(minutes=30)


def scope_of_role(role: str, permission: Permission) -> Scope | None:
    """How far the role's permission reaches; None where it has none, or the role is unknown."""
    if role not in list(Role):
        return None
    return MAP[Role(role)].get(permission)


def apart(roles: Collection[str]) -> tuple[Role, Role] | None:
    """Two of the roles that one person must not hold at a time; None when all go together. Unknown ones are passed over."""
    known = sorted({Role(role) for role in roles if role in list(Role)}, key=list(Role).index)
    administrator = next((role for role in known if role in ADMINISTRATORS), None)
    other = next((role for role in known if role is not administrator), None)
    return (administrator, other) if administrator and other else None


def lock_after(failures: int, free: int) -> timedelta | None:
    """How long nobody may try again after so many failures in a row; None: not at all."""
    if failures < free:
        return None
    doublings = min(failures - free, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)
