"""PostgreSQL dies or loses a back end: what was accepted stands, the work goes on."""

from collections.abc import Callable
from http import HTTPStatus

import psutil

from tests.functional.collection import (
    IMPATIENT,
    assert_everything_once,
    connected,
    in_the_middle,
    run_state,
    waits_for_more,
)
from tests.postgres import Postgres
from tests.servers import Product, alive, wait_until


def _postmaster_only(server: Postgres) -> None:
    back_ends = server.process.below()
    server.process.kill()
    # They leave by themselves when they notice; a new server waits for the last of them.
    psutil.wait_procs(back_ends, timeout=10)
    server.start()


def _serves_us(back_end: psutil.Process) -> bool:
    try:
        return "tacit_" in " ".join(back_end.cmdline())
    except psutil.Error:
        # It has just ended by itself.
        return False


def _one_back_end(server: Postgres) -> None:
    victim = next(each for each in server.process.below() if _serves_us(each))
    victim.kill()
    wait_until(lambda: not alive(victim.pid), 10, "the back end lives")
    server.process.need(server.answers, "it did not recover")


def test_a_collection_outlives_its_database(
    tacit: Callable[..., Product], fragile_postgres: Postgres
) -> None:
    with fragile_postgres.database() as url:
        product = tacit(**IMPATIENT, DATABASE_URL=url)
        consultant = in_the_middle(product)
        for lose in (_one_back_end, _postmaster_only):
            assert run_state(product) == "running", "it was to die in the middle"
            lose(fragile_postgres)
            waits_for_more(product, 60)
        assert_everything_once(product, consultant, deaths=2)
        assert all(product[name].running for name in product.children())
        product.stop()


def test_without_a_database_nothing_is_promised_and_all_comes_back(
    tacit: Callable[..., Product], fragile_postgres: Postgres
) -> None:
    with fragile_postgres.database() as url:
        product = tacit(**IMPATIENT, DATABASE_URL=url)
        consultant = connected(product)
        consultant.waits_for_assessment()
        form = consultant.form(consultant.path("/disconnect"))
        fragile_postgres.crash()
        answer = consultant.http.post(
            product.url + consultant.path("/disconnect"),
            data={**form, "confirm": "yes"},
            allow_redirects=False,
            timeout=30,
        )
        ready = consultant.http.get(product.url + "/readyz", timeout=30)
        alive = consultant.http.get(product.url + "/healthz", timeout=30)
        fragile_postgres.start()
        assert ready.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert ready.json()["database"] is False
        assert alive.status_code == HTTPStatus.OK
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "Not accepted" in answer.text
        assert product.select("SELECT count(*) FROM purge") == [0]
        assert consultant.disconnects() < 3
        consultant.waits_for_card("Deleted")
        assert product.count("log_entry") == 0
        product.stop()
