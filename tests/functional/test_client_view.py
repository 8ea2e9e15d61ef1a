"""The client, with a link and no account: every request is there, and the way out works."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import requests

from collectors.manifest import RESOURCES
from tests.functional.collection import SHORT_LEASE, UNLIMITED, collecting, connected
from tests.functional.consultant import Consultant, text_of
from tests.servers import Installation, wait_until

_PATHS = {
    re.compile(each.path.replace("{id}", "[^/]+")): each.path
    for each in sorted(RESOURCES, key=lambda each: "{id}" in each.path)
}
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Client:
    """A person with the link that a consultant sent, in another browser."""

    def __init__(self, consultant: Consultant) -> None:
        page = consultant.path("/integrations")
        form = consultant.form(page)
        address = consultant.product.url + consultant.path("/client-link")
        made = consultant.http.post(address, data=form, timeout=30)
        found = re.search(r"/client/[A-Za-z0-9_-]{43}", made.text)
        assert found, made.status_code
        self.address = consultant.product.url + found.group(0)
        self.http = requests.Session()

    def opens(self, rest: str = "") -> requests.Response:
        response = self.http.get(self.address + rest, timeout=30)
        assert response.status_code == 200, response.status_code
        return response

    def exported(self) -> Any:
        return self.opens("/export.json").json()

    def listed(self) -> Counter[tuple[str, str, int | None]]:
        """The requests in the export, by method, path and status."""
        return Counter(
            (row["method"], row["path"], row["status"])
            for row in self.exported()["tables"]["api_request"]
        )

    def disconnects(self) -> None:
        token = _CSRF.search(self.opens("/disconnect").text)
        assert token
        form = {"csrf_token": token.group(1), "confirm": "yes"}
        response = self.http.post(self.address + "/disconnect", data=form, timeout=30)
        assert response.status_code == 200, response.status_code


def _served(product: Installation) -> Counter[tuple[str, str, int | None]]:
    """The same, as PagerDuty counts them."""
    return Counter(
        (each["method"], _template(each["path"]), each["status"])
        for each in product.sandbox.requests()["requests"]
        if not each["path"].startswith(("/oauth", "/global"))
    )


def _template(path: str) -> str:
    return next(name for pattern, name in _PATHS.items() if pattern.fullmatch(path))


def test_the_client_sees_every_request_that_pagerduty_got(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    consultant.waits_for_assessment()
    client = Client(consultant)
    listed = client.listed()
    exchanges = listed.pop(("POST", "/oauth/token", 200))
    assert exchanges == 1
    assert listed == _served(product)
    page = text_of(client.opens("/requests").text)
    assert f"{sum(listed.values()) + 1} requests by path" in page.replace(",", "")
    assert "more left without being listed" not in page
    printed = json.loads(product.tacit("export", consultant.engagement))
    assert printed["tables"] == client.exported()["tables"]


def test_requests_of_a_killed_process_are_shown_as_a_number(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**SHORT_LEASE)
    consultant = collecting(product)
    product["collect"].kill()
    product.sandbox.heal()
    product.start_one("collect")
    consultant.waits_for_assessment()
    client = Client(consultant)
    listed = client.listed()
    listed.pop(("POST", "/oauth/token", 200))
    served = _served(product)
    lost = sum(served.values()) - sum(listed.values())
    assert lost > 0
    page = client.opens("/requests").text
    shown = re.search(r"Up to (\d+) more left without being listed", page)
    assert shown
    assert lost <= int(shown.group(1)) <= lost + 16


def test_the_client_can_disconnect_without_the_consultant(
    tacit: Callable[..., Installation],
) -> None:
    product = tacit(**UNLIMITED)
    consultant = connected(product)
    consultant.waits_for_assessment()
    consultant.report()
    client = Client(consultant)
    client.disconnects()
    assert product.count("token") == 0
    wait_until(lambda: "Promise and receipt" in client.opens().text, 60, "no receipt came")
    assert not any(client.exported()["tables"].values())
    (receipt,) = re.findall(r"/receipts/[0-9a-f]{16}", client.opens().text)
    stated = client.opens(f"{receipt}/receipt.json").json()["entry"]["statement"]
    (downloaded,) = stated["downloads"]
    assert downloaded["file"] == "report.json"
    assert downloaded["sha256"] in client.opens().text
