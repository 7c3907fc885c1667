"""What the citizen said, unaltered: the database refuses to change or delete a rating. Defaults live apart."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.ratings.states import Origin, Settled, VoidEffect, WordKind


class Subject(models.Model):
    """Who and what was rated, copied as of the claim; registry ids. `profile`: the rules that decided it - of a rating, by
    which it was judged; of a default, by which its instant was counted. `weight`: how often it counts, for its organisation
    and for those of `shared_with`."""

    service_day = models.DateField()
    division_id = models.IntegerField()
    organisation_id = models.IntegerField()
    hall_id = models.IntegerField(null=True)
    window_id = models.IntegerField(null=True)
    staff_id = models.IntegerField(null=True)
    item_id = models.IntegerField(null=True)
    weight = models.SmallIntegerField(db_default=1)
    shared_with = ArrayField(models.IntegerField(), null=True)
    profile = models.CharField(max_length=40)

    class Meta:
        abstract = True


class Ruleset(models.Model):
    """By which rules ratings were judged: their `label` as other rows have it (`Profile.label`), under a code made of it."""

    code = models.BigIntegerField(primary_key=True)
    label = models.CharField(max_length=40)


class Rating(Subject):
    """One rating. `id` is that of its claim (its occasion's, or its unit's) when matched to one, `occasion_id` the occasion
    that was rated. `submission`: the mark of the page's id (`ratings.receipt`). `text` is sealed (`ratings.wording`). What
    most ratings have is left out, a third of a row's width: `tags` None for none, `origin` None for the citizen himself; and
    of the `profile` it has the code in `ruleset` alone, but for ratings of before 2026-12.

    `beside_default`: silence had counted before and stays what is counted; everything else follows from it as from any.
    """

    id = models.UUIDField(primary_key=True)
    occasion_id = models.UUIDField(null=True)
    level = models.SmallIntegerField()
    staff_level = models.SmallIntegerField(null=True)
    tags = ArrayField(models.SmallIntegerField(), null=True)
    text = models.TextField(blank=True)
    channel = models.SmallIntegerField()
    origin = models.CharField(max_length=20, null=True, choices=[(o.value, o.value) for o in Origin])
    named = models.BooleanField()
    norm_version = models.SmallIntegerField()
    received_at = models.DateTimeField()
    beside_default = models.BooleanField(db_default=False)
    submission = models.BinaryField()
    profile = models.CharField(max_length=40, null=True)  # type: ignore[assignment]
    ruleset = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_level"),
            models.CheckConstraint(
                condition=Q(origin__in=[origin.value for origin in Origin]), name="rating_origin"
            ),
        )
        # Whether anything came through a channel in a span of days: what coverage asks.
        indexes = (
            # A rating is in one of the two at most.
            models.Index(
                fields=["organisation_id", "channel", "service_day"],
                name="rating_came_online",
                condition=Q(channel__in=ONLINE),
            ),
            models.Index(
                fields=["hall_id", "channel", "service_day"],
                name="rating_on_the_spot",
                condition=Q(hall_id__isnull=False, channel__in=ON_THE_SPOT),
            ),
            # What came in within a span: ratings are only ever added, so that their blocks are by time.
            BrinIndex(fields=["received_at"], name="rating_received"),
            # What came by static codes on a day; ratings of cases are not in it, and cost nothing for it.
            models.Index(
                fields=["service_day", "organisation_id"],
                name="rating_without_case",
                condition=Q(occasion_id__isnull=True),
            ),
        )


class Receipt(models.Model):
    """The way back to one's own rating. `secret` is a keyed hash; the secret itself is nowhere."""

    number = models.CharField(primary_key=True, max_length=20)
    rating_id = models.UUIDField()
    secret = models.BinaryField()


class LaterWord(models.Model):
    """What the rater said later by the receipt: a row beside the rating, as unalterable as the rating is.

    `ordinal` counts a rating's later words from 1. `level` is None where nothing is said of it; `bad` is what it means by
    the rules of `profile`. `counts`: from then on this level is the rating's, in all figures. A correction says everything
    anew, `staff_level` too where the member of staff was asked about (0: he is not rated any more; None: nothing is said);
    of the others tags and text come beside what was said. `submission`, `text` as in a rating.
    """

    id = models.UUIDField(primary_key=True)
    rating_id = models.UUIDField()
    ordinal = models.SmallIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in WordKind])
    level = models.SmallIntegerField(null=True)
    staff_level = models.SmallIntegerField(null=True)
    bad = models.BooleanField()
    counts = models.BooleanField()
    tags = ArrayField(models.SmallIntegerField(), default=list)
    text = models.TextField(blank=True)
    norm_version = models.SmallIntegerField()
    received_at = models.DateTimeField()
    submission = models.BinaryField()
    profile = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rating_id", "ordinal"], name="later_word_in_order"),
            models.UniqueConstraint(fields=["rating_id", "submission"], name="later_word_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="later_word_level"),
            models.CheckConstraint(
                condition=Q(counts=False) | Q(level__isnull=False), name="later_word_counts"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in WordKind]), name="later_word_kind"
            ),
        )


class Verdict(models.Model):
    """What the rater made of the rectification, after an answer of his order: a row beside the rating, as unalterable.

    `answers`: how many answers there were by then, so that there is one verdict for each. `answer`: the key of the rules'
    scale; `sets_off`: what it sets off by the rules of `profile`, "none" for nothing, by `clause`. `silent`: nobody said it,
    the rules take silence for it (`answer` is "" and there is no `submission`): counted apart from what raters say.
    """

    id = models.UUIDField(primary_key=True)
    rating_id = models.UUIDField()
    answers = models.SmallIntegerField()
    answer = models.CharField(max_length=60, blank=True)
    satisfied = models.BooleanField()
    sets_off = models.CharField(max_length=20)
    silent = models.BooleanField()
    received_at = models.DateTimeField()
    submission = models.BinaryField(null=True)
    clause = models.CharField(max_length=200)
    profile = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rating_id", "answers"], name="verdict_once_an_answer"),
            models.CheckConstraint(
                condition=Q(silent=True, answer="", submission__isnull=True)
                | (Q(silent=False, submission__isnull=False) & ~Q(answer="")),
                name="verdict_said_or_silent",
            ),
        )


class Withdrawal(models.Model):
    """The rater took the whole rating back: from then on it is in no figure, and what it said stays as it was.

    `effect`: what becomes of its occasion by the rules of `profile`, "unrated" or "not_counted". Where it is unrated and
    silence counts, `silence_level` and from when on, `silence_at`; a default of its own is made of it then.
    """

    rating_id = models.UUIDField(primary_key=True)
    withdrawn_at = models.DateTimeField()
    effect = models.CharField(max_length=20)
    silence_level = models.SmallIntegerField(null=True)
    silence_at = models.DateTimeField(null=True)
    silence_provisional = models.BooleanField()
    profile = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(effect__in=["unrated", "not_counted"]), name="withdrawal_effect"
            ),
        )
        indexes = (
            models.Index(
                fields=["silence_at"],
                name="withdrawal_silence",
                condition=Q(silence_at__isnull=False),
            ),
        )


class WithdrawnConsent(models.Model):
    """The rater of a named rating no longer agrees to be contacted about it: from then on it is shown as anonymous."""

    rating_id = models.UUIDField(primary_key=True)
    withdrawn_at = models.DateTimeField()


class Voiding(models.Model):
    """A decision that a rating does not count, or counts again: a row beside the rating, as unalterable as the rating is.

    `ordinal` counts a rating's decisions from 1; the last one stands. `level` is the default's with that effect. The two
    persons are named as in the audit trail, and are two: the database refuses another row.
    """

    id = models.UUIDField(primary_key=True)
    rating_id = models.UUIDField()
    ordinal = models.SmallIntegerField()
    effect = models.CharField(
        max_length=20, blank=True, choices=[(effect.value, effect.value) for effect in VoidEffect]
    )
    level = models.SmallIntegerField(null=True)
    ground = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    proposed_by = models.CharField(max_length=100)
    confirmed_by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rating_id", "ordinal"], name="voiding_in_order"),
            models.CheckConstraint(condition=~Q(proposed_by=F("confirmed_by")), name="voiding_by_two"),
            models.CheckConstraint(
                condition=Q(effect__in=[effect.value for effect in VoidEffect]), name="voiding_effect"
            ),
            models.CheckConstraint(
                condition=Q(effect="default", level__isnull=False)
                | (~Q(effect="default") & Q(level__isnull=True)),
                name="voiding_level",
            ),
        )


class Trace(models.Model):
    """What integrity checks may look at for 190 days: keyed hashes of address and device, time spent on the page."""

    rating_id = models.UUIDField(primary_key=True)
    address = models.BinaryField(null=True)
    device = models.BinaryField(null=True)
    elapsed_ms = models.IntegerField(null=True)
    kept_until = models.DateField()


class DefaultRating(Subject):
    """What silence counted for, as its own fact: never a citizen's rating. `id` is that of the claim, `occasion_id` the
    occasion of its unit that stood for it, empty where that is the same.

    A rating received before `in_time_until` (the earlier of `due_at` and the window's end) but committed later supersedes
    it. So does one that follows it where the rules allow that (`after_default`), until before `after_at` (None: for ever;
    provisional: it closes nothing) - unless the default stays: then the rating is kept beside it, once.
    """

    id = models.UUIDField(primary_key=True)
    occasion_id = models.UUIDField(null=True)
    level = models.SmallIntegerField()
    due_at = models.DateTimeField()
    in_time_until = models.DateTimeField()
    after_default = models.BooleanField(db_default=False)
    default_stays = models.BooleanField(db_default=False)
    after_at = models.DateTimeField(null=True)
    after_provisional = models.BooleanField(db_default=False)
    defaulted_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # What a new calendar may move.
            models.Index(
                fields=["after_at"],
                name="default_followed_until",
                condition=Q(superseded_at__isnull=True, after_default=True, after_at__isnull=False),
            ),
            BrinIndex(fields=["defaulted_at"], name="default_arisen"),
        )


class NamedCase(models.Model):
    """The case that a rater named who rated a window by its static code: by its number, sealed (`ratings.wording`), until it
    is settled what it leads to; then the number goes.

    `day` is the local day of the rating. Nobody looks before `look_at`; with the first of its `looks` it is certain whose it
    is, and every further one was in vain.
    """

    rating_id = models.UUIDField(primary_key=True)
    window_id = models.IntegerField()
    day = models.DateField()
    number = models.TextField(blank=True)
    look_at = models.DateTimeField()
    looks = models.SmallIntegerField(db_default=0)
    outcome = models.CharField(
        max_length=10, blank=True, db_default="", choices=[(each.value, each.value) for each in Settled]
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["look_at"], name="named_case_waiting", condition=Q(outcome="")),)


class Match(Subject):
    """A rating by a static code that found its case, and has taken its claim: from then on it counts for what is copied
    here, as of the claim. Unalterable, as the rating is. `claim_id`: of the occasion, or of its unit; each once.

    `beside`: silence had counted before and stays what is counted.
    """

    rating_id = models.UUIDField(primary_key=True)
    claim_id = models.UUIDField(unique=True)
    occasion_id = models.UUIDField()
    beside = models.BooleanField()
    matched_at = models.DateTimeField()
