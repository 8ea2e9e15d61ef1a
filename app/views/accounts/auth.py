"""Log in and log out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from app.access.guard import log_in, log_out, open_to_all, signed_in
from app.core.errors import LoginRefused, TooManyAttempts
from app.core.logs import Event, event
from app.extensions import db
from app.operations.accounts.members import authenticate

blueprint = Blueprint("auth", __name__)


class LoginForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("E-mail", validators=[InputRequired("Type your e-mail address.")])
    password = PasswordField("Password", validators=[InputRequired("Type your password.")])


@blueprint.route("/login", methods=["GET", "POST"])
@open_to_all
def login() -> ResponseReturnValue:
    """The form; after it, the engagements."""
    if signed_in() is not None:
        return redirect(url_for("engagements.index"), code=303)
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form, message=""), _invalid(form)
    try:
        with db.read() as session:
            member = authenticate(
                session, form.email.data, form.password.data, request.remote_addr or ""
            )
    except (LoginRefused, TooManyAttempts) as error:
        message = f"{error.title}. {error.remedy}"
        return render_template("accounts/login.html", form=form, message=message), error.status
    log_in(member.id)
    event(Event.LOGIN)
    return redirect(url_for("engagements.index"), code=303)


def _invalid(form: LoginForm) -> int:
    return 400 if form.errors else 200


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session here and clear what the browser keeps of it."""
    log_out()
    event(Event.LOGOUT)
    response = redirect(url_for("auth.login"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return response
