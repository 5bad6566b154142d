"""The page in the documentation says what the table of measures says."""

from pathlib import Path

from youwei.statistics.measures import COUNTS, RATES

PAGE = Path(__file__).parents[4] / "docs" / "figures.md"


def test_every_figure_is_documented_with_its_definition() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for key, figure in {**COUNTS, **RATES}.items():
        line = next((line for line in lines if line.startswith(f"| `{key}` |")), "")
        assert figure.title in line, key
        assert figure.definition in line, key


def test_the_documentation_names_no_figure_that_does_not_exist() -> None:
    named = [line.split("`")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    families = ("measure.", "region.", "year.", "undone.ground.", "undone.procedure.")
    assert [key for key in named if key not in COUNTS and key not in RATES and not key.startswith(families)] == []
