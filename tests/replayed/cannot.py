"""What the operations cannot carry out, or do not say as the scenario does, each with its reason. Whoever makes one of them
true takes its line away: the test fails until he does."""

# What is not looked at by any table yet.
KINDS = {
    "score": "scores are worked out of tallies (tests/integration/scoring); figures of a scenario are given, not counted",
    "list": "lists are made of scores",
}
# Events, and later words, that the test does not carry out.
EVENTS: dict[str, str] = {
    "correction": "said by the receipt, over the door's own connection: tests/integration/faces/citizen",
    "withdrawal": "said by the receipt, over the door's own connection: tests/integration/intake/test_taking_back.py",
}
_RECEIPT = "what a rater says later is not carried out here"
_IN_VAIN = "three attempts in vain are the verification; the scenario verifies once more two days later"
_DATED = "only what is owed once a year is told to anybody; what is owed once, by the month or by the quarter is not yet"
# (file, what is looked at, key; "" for all of it) → why.
FACTS: dict[tuple[str, str, str], str] = {
    ("kunming/11_bulletin.toml", "duty bulletin", ""): _DATED,
    ("kunming/15_outside.toml", "duty outside_report", ""): _DATED,
    ("shandong-hrss/1_1_dates.toml", "duty system_established", ""): _DATED,
    ("shandong-hrss/1_1_dates.toml", "duty systems_connected", ""): _DATED,
    ("shandong-hrss/1_1_dates.toml", "duty full_coverage", ""): _DATED,
    ("shandong-hrss/1_1_dates.toml", "duty monthly_upload", ""): _DATED,
    ("teaching-mingzhou/16_scores.toml", "duty bulletin", ""): _DATED,
    ("shanxi/1_fifteen_days.toml", "revisit rectified", "of"): (
        "an answer comes after the rectification: the plan that answers first is told as one that was carried out"
    ),
    ("shanxi/1_fifteen_days.toml", "revisit rectified", "at_least"): "likewise",
    (
        "teaching-mingzhou/05_window.toml",
        "occasion 十七时送达",
        "invitations.sms",
    ): "nobody is invited to rate yet",
    ("teaching-mingzhou/05_window.toml", "occasion 修改", ""): _RECEIPT,
    ("teaching-mingzhou/05_window.toml", "occasion 撤回", ""): _RECEIPT,
    (
        "teaching-mingzhou/09_redress.toml",
        "occasion 一般",
        "steps.contact_failed",
    ): "it is told by the finding",
    ("teaching-mingzhou/09_redress.toml", "occasion 一般", "rectification"): _IN_VAIN,
    ("teaching-mingzhou/09_redress.toml", "occasion 一般", "rectification_state"): _IN_VAIN,
    ("teaching-mingzhou/09_redress.toml", "occasion 一般", "objection"): (
        "the unit is told by the order on its desk, when it is dispatched; the scenario tells it three days later"
    ),
    (
        "teaching-mingzhou/09_redress.toml",
        "occasion 一般",
        "verdict",
    ): "the approval gives the answer, a day earlier",
}
