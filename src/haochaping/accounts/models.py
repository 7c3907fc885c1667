"""Officials with their dated posts, and the business systems that call the API."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from haochaping.accounts.clients import TOLERANCE, Reach


class Official(AbstractBaseUser):
    """A person who signs in to the console. What he may do comes from his posts of the day."""

    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password_set_at = models.DateTimeField(null=True)

    objects = BaseUserManager["Official"]()

    USERNAME_FIELD = "username"


class Post(models.Model):
    """A role in an organisation, from one day to another, both included."""

    id = models.UUIDField(primary_key=True)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="posts")
    organisation_id = models.IntegerField()
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Deputy(models.Model):
    """Somebody acts with another's post while that one is away, from one day to another, both included."""

    id = models.UUIDField(primary_key=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="deputyships")
    valid_from = models.DateField()
    valid_to = models.DateField()


class StaffLink(models.Model):
    """The official is that member of staff of the registry, from one day to another, both included: what is rated there is
    his own case."""

    id = models.UUIDField(primary_key=True)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="staff_links")
    staff_id = models.IntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class SecondFactor(models.Model):
    """The secret of an official's authenticator, sealed. Here once a code of it was typed.

    `last_step`: the 30-second step of the last code that was taken; neither it nor an earlier one is taken again.
    """

    official = models.OneToOneField(
        Official, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    sealed_secret = models.BinaryField()
    created_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """A code for who has lost his authenticator, good once. Only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True)
    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(unique=True)
    used_at = models.DateTimeField(null=True)


class ProviderSubject(models.Model):
    """Whom the identity provider means by an official. Its name for him is kept as a keyed hash with the provider's: it may
    be a number of his identity card."""

    official = models.OneToOneField(
        Official, primary_key=True, on_delete=models.CASCADE, related_name="provider_subject"
    )
    digest = models.BinaryField(unique=True)
    linked_at = models.DateTimeField()


class PastPassword(models.Model):
    """The hash of a password that an official had: not to be chosen again for a while."""

    id = models.UUIDField(primary_key=True)
    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    ended_at = models.DateTimeField()


class OfficialSession(AbstractBaseSession):
    """A session of the console. `label` names it in lists: the key itself opens it and is shown nowhere."""

    label = models.UUIDField(unique=True)
    official_id = models.UUIDField(null=True, db_index=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)


class LoginLink(models.Model):
    """A one-time link with which an official sets the first password. Only the keyed hash of it is kept."""

    id = models.UUIDField(primary_key=True)
    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="login_links")
    digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiClient(models.Model):
    """A business system that reports for one platform; case numbers are unique within the platform.

    `reach` is one of clients.Reach, `listed` the registry ids that go with "listed". `clock_tolerance` is in seconds.
    A limit that is empty is the product's own (clients.Allowance).
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.IntegerField()
    platform = models.CharField(max_length=40)
    rights = ArrayField(models.CharField(max_length=20))
    reach = models.CharField(max_length=20, default=Reach.PLATFORM.value)
    listed = ArrayField(models.IntegerField(), default=list)
    clock_tolerance = models.IntegerField(default=TOLERANCE)
    calls = models.IntegerField(null=True)
    calls_burst = models.IntegerField(null=True)
    records = models.IntegerField(null=True)
    records_burst = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A public key id and its secret, sealed: HMAC needs the secret itself."""

    id = models.CharField(primary_key=True, max_length=40)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="keys")
    sealed_secret = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class ApiDialect(models.Model):
    """How a client's values read in the words of the convention: `text` as it was handed in, in force from an instant on
    until the next edition. Editions are never changed: what they judged names them by id."""

    id = models.UUIDField(primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="dialects")
    edition = models.IntegerField()
    in_force_from = models.DateTimeField()
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "edition"], name="api_dialect_edition"),)


class ApiNonce(models.Model):
    """A nonce that was used: good once, over restarts too. Kept as long as a timestamp could still pass."""

    pk = models.CompositePrimaryKey("key_id", "nonce")
    key_id = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["seen_at"], name="api_nonce_seen"),)


class FailedSignIn(models.Model):
    """Failures in a row for one username or one address. `key` is a keyed hash: neither is kept in plain."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.IntegerField()
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
