"""The vault: names, documents and phones, apart from what was said and from the cases."""

from django.db import models


class DataKey(models.Model):
    """The data key of one year, wrapped under a key derived from the master key."""

    id = models.SmallIntegerField(primary_key=True)
    year = models.SmallIntegerField(unique=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()


class VaultRecord(models.Model):
    """What a sender told of a person, sealed per field and bound to row and column.

    `id` is that of the stored version or of the quarantined record it belongs to. `record` is the whole normalised record.
    The indexes are keyed hashes of normalised values, for look-up only.
    """

    id = models.UUIDField(primary_key=True)
    key_id = models.SmallIntegerField()
    name = models.BinaryField(null=True)
    document = models.BinaryField(null=True)
    phone = models.BinaryField(null=True)
    record = models.BinaryField()
    name_index = models.BinaryField(null=True)
    document_index = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["document_index"], name="vault_document"),
            models.Index(fields=["phone_index"], name="vault_phone"),
        )
