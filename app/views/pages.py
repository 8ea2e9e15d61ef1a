"""Pages without an engagement: the way in, and what Tacit may ask and keep."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.access import open_to_all
from app.reports.resources import grouped
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
    """Every resource and field, open to all, made from the declaration itself."""
    declared = manifest()
    return render_template(
        "pages/privacy.html",
        manifest=declared,
        groups=grouped(declared["resources"]),
        allow_list_hash=manifest_hash(),
    )
