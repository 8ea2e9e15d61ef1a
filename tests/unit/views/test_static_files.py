"""Pages need nothing but what lies in the repository, as its makers published it."""

import hashlib
import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from collectors.manifest import manifest, manifest_hash
from tests.unit.views.conftest import Browser

ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "static" / "vendor"


def test_vendored_files_are_those_that_were_listed() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        f"./{path.relative_to(VENDOR)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == listed
    for folder in VENDOR.iterdir():
        assert folder.is_file() or (folder / "LICENSE").is_file()


def test_every_static_file_that_a_page_names_exists(client: FlaskClient) -> None:
    named = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"filename='([^']+)'", template.read_text())
    }
    assert len(named) > 5
    for name in named:
        with client.get(f"/static/{name}") as response:
            assert response.status_code == 200, name


def test_our_stylesheet_and_scripts_name_no_other_host() -> None:
    for path in (ROOT / "static").glob("*.[cj]s*"):
        assert "://" not in path.read_text(), path.name


def test_the_privacy_page_shows_every_field_with_its_reason_and_the_hash(
    client: FlaskClient,
) -> None:
    page = html.unescape(client.get("/privacy").text)
    assert manifest_hash() in page
    for resource in manifest()["resources"]:
        assert resource["path"] in page
        for field in resource["fields"]:
            assert field["name"] in page
            assert field["reason"] in page


@pytest.mark.parametrize("address", ["/privacy", "/engagements/{handle}/connect"])
def test_requests_to_the_identity_host_are_listed_with_their_reason(
    browser: Browser, address: str
) -> None:
    handle = browser.engagement.handle
    page = html.unescape(browser.client.get(address.format(handle=handle)).text)
    for call in manifest()["identity"]:
        assert f"{call['method']} {call['path']}" in page
        assert call["purpose"] in page
        assert call["kept"] in page


def test_no_page_exclaims_or_calls_data_anonymous() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        words = re.sub(r"\{[{%#].*?[%#}]\}", "", template.read_text(), flags=re.DOTALL).casefold()
        assert "anonymous" not in words, template
        assert "oops" not in words, template
        assert "!" not in words.replace("<!doctype", ""), template
