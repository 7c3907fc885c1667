from haochaping.foundation.browser import content_policy


def test_the_policy_allows_nothing_but_our_own() -> None:
    assert content_policy() == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_one_inline_style_sheet_is_admitted_by_its_hash() -> None:
    assert "style-src 'self' 'sha256-abc='; img-src 'self'" in content_policy(style_hash="sha256-abc=")
