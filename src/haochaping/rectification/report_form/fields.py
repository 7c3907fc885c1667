"""What a template of the form can say: the names of its fields. Pure.

Shandong HRSS, 二（二）, names the form; its annex, which would show it, is not at hand. So these are what the plan asks to
be done about a bad rating (核实、整改、反馈、回访), and what the order knows of it.
"""

from typing import Final

TITLE: Final = "《政务服务差评事项核查整改情况报告单》"

# Each a text, "" where nothing is known of it; several lines are separated by line feeds.
TEXTS: Final = (
    "title",
    "number",
    "code",
    "order",
    "organisation",
    "item",
    "item_code",
    "rated",
    "week",
    "manner",
    "rater",
    "case_number",
    "tags",
    "text",
    "additions",
    "finding",
    "reasonable",
    "verification",
    "verified_by",
    "verified_on",
    "bad_class",
    "plan",
    "extension",
    "measures",
    "rectified_by",
    "rectified_on",
    "answer",
    "answered_by",
    "answered_on",
    "approved_by",
    "approved_on",
    "verdict",
    "standing",
    "report_to",
    "report_due",
    "reported_on",
    "made_by",
    "made_on",
)
# Each a list of texts, empty where there is none.
LISTS: Final = ("contacts", "parts", "objections", "clauses")
FIELDS: Final = (*TEXTS, *LISTS)

# What no form is without.
ALWAYS: Final = frozenset({"title", "number", "code", "order", "organisation", "made_by", "made_on"})
# Not part of what the code on a form answers for: they differ from one making to the next, or are not everybody's to see.
BESIDE: Final = frozenset({"number", "code", "made_by", "made_on", "rater", "case_number"})


def sample(*, full: bool) -> dict[str, object]:
    """What nobody said, for trying a template: every field filled, or those that always are."""
    texts = {name: f"{name}：示例" if full or name in ALWAYS else "" for name in TEXTS}
    return {**texts, **{name: ["示例一", "示例二"] if full else [] for name in LISTS}}
