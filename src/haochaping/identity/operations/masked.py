"""Reported records as an official may look at them without a purpose: who it was about is hidden."""

from collections.abc import Collection, Mapping
from uuid import UUID

from haochaping.identity.masks import mask_document, mask_name, mask_phone, mask_text
from haochaping.identity.operations.reading import opened_records, sealed_rows

NAMES = ("userName", "handleUserName")
_MASKS = {
    "userName": mask_name,
    "handleUserName": mask_name,
    "certKey": mask_document,
    "certKeyGOV": mask_document,
    "creditNum": mask_document,
    "handleUserPageCode": mask_document,
    "mobile": mask_phone,
}
# Codes, numbers and times of the convention. A record that was kept has them in their due form, so they hold nothing else.
FORMED = frozenset(
    {
        *(
            "areaCode",
            "deptCode",
            "taskType",
            "taskCode",
            "taskHandleItem",
            "projectNo",
            "proStatus",
            "userProp",
        ),
        *("userPageType", "handleUserPageType", "acceptDate", "promiseDay", "promiseType", "anticipateDay"),
        *(
            "anticipateType",
            "proChannel",
            "promiseTime",
            "serviceNumber",
            "serviceTime",
            "projectType",
            "resultDate",
            "deliveryDate",
        ),
    }
)
# Texts that tell of the service; they may hold what does not belong there.
TEXTS = frozenset(
    {
        *("taskName", "subMatter", "projectName", "proDepart", "serviceName", "dataSource", "windowNo"),
        "proManagerNo",
    }
)
# Whatever else a sender adds is named, but not shown: nobody knows what it holds.
HIDDEN = "***"


def masked_records(*, record_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """Vault record id → its fields, of which names, documents and phones are masked and unknown ones hidden.

    Records that the vault does not hold (any more) are left out. Raises SealBroken where one cannot be opened.
    """
    vault, rows = sealed_rows(record_ids)
    return {row_id: _masked(record.fields) for row_id, record in opened_records(vault, rows).items()}


def _masked(record: Mapping[str, str]) -> dict[str, str]:
    names = [record[name] for name in NAMES if name in record]
    masked = {}
    for field, value in record.items():
        if field in _MASKS:
            masked[field] = _MASKS[field](value)
        elif field in FORMED:
            masked[field] = value
        else:
            masked[field] = mask_text(value, names) if field in TEXTS else HIDDEN
    return masked
