"""What came back for one request: its body, or the trouble it was."""

from collections.abc import Callable

import requests

from collectors.calls import Counters
from collectors.client.asked import Asked
from collectors.client.body import read_body
from collectors.client.gate import Admission
from collectors.client.headers import passing, refusal, told
from collectors.client.patience import Trouble
from collectors.errors import TooLarge, UnexpectedShape


def judge(
    asked: Asked,
    response: requests.Response,
    admission: Admission,
    counters: Counters,
    overdue: Callable[[], bool],
) -> bytes | Trouble:
    """Settle the admission by what the answer says. Raises a CollectorError for what is final."""
    status, limits = response.status_code, told(response.headers)
    if status == 429:
        counters.add(rate_limited=1)
        admission.limited(limits)
        return Trouble.LIMITED
    if passing(status):
        admission.failed()
        return Trouble.AWAY
    if 200 <= status < 300:
        return _read(asked, response, admission, overdue)
    admission.answered(limits)
    if status == 401:
        return Trouble.REJECTED
    raise refusal(asked.name, status, single=asked.single)


def _read(
    asked: Asked, response: requests.Response, admission: Admission, overdue: Callable[[], bool]
) -> bytes | Trouble:
    limits = told(response.headers)
    try:
        body = read_body(asked.resource, response, overdue)
    except TooLarge:
        admission.answered(limits)
        raise
    except UnexpectedShape as error:
        admission.answered(limits)
        asked.detail = error.detail
        return Trouble.SHAPE
    if body is None:
        admission.failed()
        return Trouble.AWAY
    admission.answered(limits)
    return body
