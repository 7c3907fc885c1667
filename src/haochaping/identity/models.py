"""The vault: names, documents and phones, apart from what was said and from the cases."""

from django.db import models


class DataKey(models.Model):
    """A key of the vault, wrapped under a master key whose fingerprint is `wrapped_by`.

    Of kind "data" it seals the rows of one local year, of kind "index" (year 0) it makes blind indexes. The newest
    generation is in use; an older one is there as long as rows hang on it.
    """

    id = models.SmallIntegerField(primary_key=True)
    kind = models.CharField(max_length=8, db_default="data")
    year = models.SmallIntegerField()
    generation = models.SmallIntegerField(db_default=1)
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16, db_default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "year", "generation"], name="vault_key_generation"),
        )


class Phrase(models.Model):
    """What many records say in the same words: names and codes that the registry knows, and codes of the convention, of
    nobody. JSON, field → value. Never changed and never taken away: packed records name it by its id."""

    id = models.AutoField(primary_key=True)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["text"], name="phrase_once"),)


class VaultRecord(models.Model):
    """What a sender told of a person, sealed per field and bound to row and column.

    `id` is that of the stored version or of the quarantined record it belongs to. `record` is the whole normalised record,
    packed (`identity.packing`) or in JSON. The indexes are keyed hashes of normalised values, cut short, for look-up only,
    made with the key `index_key_id`; 0 are those from before index keys had a place of their own, which nothing finds until
    the row is sealed anew.
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
    index_key_id = models.SmallIntegerField(db_default=0)

    class Meta:
        indexes = (
            models.Index(fields=["document_index"], name="vault_document"),
            models.Index(fields=["phone_index"], name="vault_phone"),
        )
