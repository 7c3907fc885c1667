"""What is to be told to whom, until it is told or given up; and how officials want to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haochaping.notices.states import Channel, Kind, State


class Notice(models.Model):
    """One thing that is told to one recipient by one way. The id is made of these three (`rules.id_of`): the receiver knows
    by it what he has got twice.

    `subject` is the number of an order and `reference` its id, `step` the one whose limit ends with `last_day`, "" for the
    rectification. `action` and `clause`: what follows, by which rule. `superior`: the recipient looks after the one who has
    to act. Nothing here names a rater or quotes a rating. Of what is
    for a machine and has no official, `body` is the JSON that is sent, byte for byte. `attempts` counts
    those that were begun. `last_error` is a word, never what a peer said.
    """

    id = models.UUIDField(primary_key=True)
    cause = models.CharField(max_length=100)
    channel = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Channel])
    official_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Kind])
    action = models.CharField(max_length=60, blank=True)
    superior = models.BooleanField(default=False)
    subject = models.CharField(max_length=20, blank=True)
    reference = models.UUIDField(null=True)
    step = models.CharField(max_length=40, blank=True, db_default="")
    last_day = models.DateField(null=True)
    clause = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in State])
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["channel", "due_at"], name="notice_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["official_id", "-created_at"],
                name="notice_of_official",
                condition=Q(channel="console"),
            ),
            models.Index(
                fields=["official_id"],
                name="notice_unread",
                condition=Q(channel="console", read_at__isnull=True),
            ),
            models.Index(
                fields=["channel", "-tried_at"], name="notice_tried", condition=Q(tried_at__isnull=False)
            ),
        )


class Preference(models.Model):
    """Where an official is to be told, entered by himself, and of what by which way (`states.Kind`). Addresses are sealed
    (`notices.sealed`); empty where he gave none."""

    official_id = models.UUIDField(primary_key=True)
    email = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    email_kinds = ArrayField(models.CharField(max_length=20), default=list)
    sms_kinds = ArrayField(models.CharField(max_length=20), default=list)
    changed_at = models.DateTimeField()
