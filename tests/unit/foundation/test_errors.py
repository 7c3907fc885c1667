from haochaping.foundation.errors import Invalid, Problem


def test_all_problems_are_told_at_once() -> None:
    error = Invalid([Problem("satisfaction", "missing", "请选择"), Problem("named", "missing", "请选择")])
    assert error.code == "invalid"
    assert [problem.field for problem in error.problems] == ["satisfaction", "named"]
    assert "satisfaction" in str(error)
