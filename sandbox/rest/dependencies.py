"""Which services a service needs and which need it: one call a service, nothing to page."""

from flask import Response

from sandbox.errors import NOT_FOUND, RefusalError
from sandbox.rest.paging import caller, response
from sandbox.state import current


def technical(service_id: str) -> Response:
    return _edges("technical_service_reference", service_id)


def business(service_id: str) -> Response:
    return _edges("business_service_reference", service_id)


def _edges(kind: str, service_id: str) -> Response:
    found = current().account.edges_of(kind, service_id, sees_private=caller().sees_private)
    if found is None:
        raise RefusalError(NOT_FOUND, 2100, "There is no such service.")
    return response({"relationships": found}, len(found))
