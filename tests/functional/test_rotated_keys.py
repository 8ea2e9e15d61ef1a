"""Keys of a running product are rotated: nobody has to log in or to connect again."""

import pytest

from tests.functional.consultant import Consultant
from tests.servers import Installation


def _pseudonyms(product: Installation) -> set[bytes]:
    return {bytes(each) for each in product.select("SELECT id FROM service")}


@pytest.mark.parametrize("either_product", ["sqlite", "postgresql"], indirect=True)
def test_work_and_sessions_go_on_after_a_rotation(either_product: Installation) -> None:
    product = either_product
    consultant = Consultant(product).logs_in().opens_engagement()
    consultant.connects()
    consultant.waits_for_assessment()
    form = consultant.form(consultant.path("/card"))
    before, masters = _pseudonyms(product), _master(product)
    assert "are under new keys" in product.tacit("keys", "rotate")
    assert _master(product) != masters
    # The form was on the screen while the keys changed.
    refreshed = consultant.http.post(
        product.url + consultant.path("/collect"), data=form, timeout=30
    )
    assert refreshed.status_code == 200
    consultant.waits_for_assessment()
    assert _pseudonyms(product) == before
    assert consultant.disconnects() < 2.0
    consultant.waits_for_card("Deleted")


def _master(product: Installation) -> bytes:
    return (product.plan.instance / "keystore" / "master.key").read_bytes()
