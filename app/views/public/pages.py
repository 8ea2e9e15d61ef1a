"""Public pages: what Tacit may request and store, and how it computes."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access.guard import open_to_all
from app.assessment.engine import METHOD_VERSION
from app.assessment.thresholds import THRESHOLDS
from app.reports import method as appendix
from app.reports.wording.resource_names import grouped
from collectors.manifest import manifest, manifest_hash

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """The engagements; without a login the guard leads to the login."""
    return redirect(url_for("engagements.index"), code=303)


@blueprint.get("/privacy")
@open_to_all
def privacy() -> ResponseReturnValue:
    """Every resource and field, from the declaration itself."""
    declared = manifest()
    return render_template(
        "public/privacy.html",
        manifest=declared,
        groups=grouped(declared["resources"]),
        allow_list_hash=manifest_hash(),
    )


@blueprint.get("/method")
@open_to_all
def method() -> ResponseReturnValue:
    """Every metric and finding, from the declarations in the code."""
    return render_template(
        "public/method.html",
        version=METHOD_VERSION,
        thresholds_version=THRESHOLDS.version,
        classes=[*appendix.SAMPLES.items(), *appendix.PRIVACY.items()],
        chapters=appendix.chapters(),
        rules=appendix.rules(),
        levels=appendix.levels,
        thresholds=appendix.thresholds,
    )
