"""Pages of one assessment: overview, families, findings, comparison."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.reports.comparison import comparison_page
from app.reports.family import family_page
from app.reports.findings import counted, groups, rules_by_state, undecided
from app.reports.overview import overview_page
from app.reports.wording import declarations
from app.views.assessments.assessment_page import Document, assessment_page, named_assessment

blueprint = Blueprint("figures", __name__, url_prefix="/engagements")
FAMILIES = tuple((slug, declarations.name_of(slug)) for slug in declarations.SLUGS)


@blueprint.app_context_processor
def _links() -> dict[str, Any]:
    """For the sidebar of every page."""
    return {"family_pages": FAMILIES}


blueprint.add_app_template_global(named_assessment)
blueprint.add_app_template_global(declarations.slug_of)


@blueprint.get("/<handle>")
def overview(handle: str) -> ResponseReturnValue:
    """The assessment at a glance."""
    return render_template("assessments/overview.html", **assessment_page(handle, overview_page))


@blueprint.get("/<handle>/figures/<slug>")
def family(handle: str, slug: str) -> ResponseReturnValue:
    """Every metric of one family."""
    if slug not in declarations.SLUGS:
        raise NotFound

    def page(document: Document) -> dict[str, Any]:
        made = family_page(document, slug)
        drawn = [chart for section in made.sections for chart in section.charts]
        return {"family": made, "charts": drawn}

    name = declarations.name_of(slug)
    return render_template(
        "assessments/family.html", slug=slug, name=name, **assessment_page(handle, page)
    )


@blueprint.get("/<handle>/findings")
def findings(handle: str) -> ResponseReturnValue:
    """The findings and where they apply, the most severe first."""

    def page(document: Document) -> dict[str, Any]:
        found = groups(document)
        return {
            "groups": found,
            "severities": counted(document["findings"]),
            "rules": rules_by_state(document),
            "undecided": undecided(document),
            "charts": [group.chart for group in found if group.chart],
        }

    return render_template("assessments/findings.html", **assessment_page(handle, page))


@blueprint.get("/<handle>/comparison")
def comparison(handle: str) -> ResponseReturnValue:
    """What changed since the baseline."""

    def page(document: Document) -> dict[str, Any]:
        found = document["comparison"]
        made = None if found is None else comparison_page(found)
        return {"compared": made, "baseline": found and found["baseline"], "charts": []}

    return render_template("assessments/comparison.html", **assessment_page(handle, page))
