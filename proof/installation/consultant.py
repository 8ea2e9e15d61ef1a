"""A consultant at the keyboard, without a browser: the user's verbs over HTTP."""

import re
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from proof.installation.processes import wait_until
from proof.installation.tacit import Installation

UNSEEN = re.compile(r'name="(csrf_token|allow_list)"[^>]*value="([^"]+)"')
"""Hidden fields of a form."""
TIME_OUT = 60.0


def text_of(page: str) -> str:
    """A page as text without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class Consultant:
    """One person with one browser's cookies; PagerDuty keeps its own under another host."""

    def __init__(self, product: Installation) -> None:
        self.product = product
        self.http = requests.Session()
        self.engagement = ""
        self.wait = TIME_OUT

    def logs_in(self) -> "Consultant":
        """Log in with the demo account."""
        response = self.sends("/login", email=self.product.email, password=self.product.password)
        assert "/login" not in response.url, "the login was refused"
        return self

    def opens(self, path: str, status: int = 200) -> str:
        """GET a page of Tacit; the text of it."""
        response = self.http.get(self.product.url + path, timeout=30)
        assert response.status_code == status, f"{path} answered {response.status_code}"
        return response.text

    def form(self, path: str) -> dict[str, str]:
        """What the form on a page sends along unseen."""
        found = dict(UNSEEN.findall(self.opens(path)))
        assert found, f"{path} has no form"
        return found

    def sends(
        self, path: str, *, follow: bool = True, **fields: str | tuple[str, ...]
    ) -> requests.Response:
        """Fill in the form on a page and send it."""
        return self.http.post(
            self.product.url + path,
            data={**self.form(path), **fields},
            allow_redirects=follow,
            timeout=30,
        )

    def opens_engagement(self, subdomain: str = "acme", **fields: str) -> "Consultant":
        """Open a new engagement over the last 90 days, unless ``fields`` say otherwise."""
        form: dict[str, Any] = {
            "client_name": "Acme",
            "subdomain": subdomain,
            "period": "last_90_days",
            "time_zone": "UTC",
            **fields,
        }
        response = self.sends("/engagements/new", **form)
        found = re.search(r"/engagements/([0-9a-f]{16})", response.url)
        assert found, f"no engagement was opened: {response.status_code} {response.url}"
        self.engagement = found.group(1)
        return self

    def path(self, rest: str = "") -> str:
        """A path of the engagement."""
        return f"/engagements/{self.engagement}{rest}"

    def connects(
        self, login: str = "admin", decision: str = "allow", extensions: tuple[str, ...] = ()
    ) -> requests.Response:
        """Consent, PagerDuty's login and decision, and the way back; the page it ends on.

        ``extensions`` are the boxes that are ticked on the consent page.
        """
        response = self.sends(self.path("/connect"), follow=False, extensions=extensions)
        assert response.status_code == 303, response.text
        authorize = response.headers["location"]
        assert urlsplit(authorize).hostname == "localhost"
        back = requests.post(
            authorize,
            data={"login": login, "decision": decision},
            allow_redirects=False,
            timeout=30,
        )
        return self.http.get(urljoin(authorize, back.headers["location"]), timeout=30)

    def card(self) -> str:
        """The PagerDuty card as text without tags."""
        return text_of(self.opens(self.path("/card")))

    def presses(self, button: str, rest: str, **fields: str) -> "Consultant":
        """Press a button of the card, which must be there."""
        assert button in self.card(), f"there is no {button!r}"
        response = self.http.post(
            self.product.url + self.path(rest),
            data={**self.form(self.path("/card")), **fields},
            timeout=30,
        )
        assert response.status_code == 200, response.status_code
        return self

    def waits_for_card(self, text: str) -> "Consultant":
        """Wait until the card says ``text``."""
        wait_until(lambda: text in self.card(), self.wait, f"the card never said {text!r}")
        return self

    def waits_for_assessment(self) -> "Consultant":
        """Wait until the collection is assessed."""
        return self.waits_for_card("The assessment is ready")

    def report(self) -> dict[str, Any]:
        """The downloaded JSON report."""
        response = self.http.get(self.product.url + self.path("/report.json"), timeout=30)
        assert response.status_code == 200, response.status_code
        document: dict[str, Any] = response.json()
        return document

    def disconnects(self) -> float:
        """Confirm the disconnect; the seconds its answer took."""
        form = self.form(self.path("/disconnect"))
        began = time.monotonic()
        response = self.http.post(
            self.product.url + self.path("/disconnect"),
            data={**form, "confirm": "yes"},
            allow_redirects=False,
            timeout=30,
        )
        assert response.status_code == 303, response.text
        return time.monotonic() - began


def values(document: dict[str, Any], measure: str) -> dict[str, Any]:
    """The account's values of one measure by key; a plain one has the key ''."""
    return {
        metric["scope"].get("key", ""): metric["value"]
        for metric in document["metrics"]
        if metric["measure"] == measure and metric["scope"]["level"] == "account"
    }
