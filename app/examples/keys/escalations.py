"""WE2: paths and ownership, incident by incident."""

from app.assessment.cases.case import Case
from app.assessment.options import MICROSECONDS
from app.examples.worked import Extract, Worked


def _paths(worked: Worked, _: object) -> object:
    base = (case for case in worked.result.account.cases if not case.merged)
    return {case.incident.id: case.path.to_first_ack() for case in base}


def _case(worked: Worked, raw: str) -> Case | None:
    wanted = worked.ids.pseudonym("incident", raw)
    return next((c for c in worked.result.account.cases if c.incident.id == wanted), None)


def _full_path(worked: Worked, raw: str) -> object:
    case = _case(worked, raw)
    return None if case is None else case.path.full()


def _path(worked: Worked, raw: str) -> object:
    case = _case(worked, raw)
    return None if case is None else case.path.to_first_ack()


def _unowned(worked: Worked, raw: str) -> object:
    case = _case(worked, raw)
    return None if case is None else case.ownership.unowned_us / MICROSECONDS


def _owned(worked: Worked, raw: str) -> object:
    case = _case(worked, raw)
    return None if case is None else case.ownership.owned_us / MICROSECONDS


KEYS: dict[str, Extract] = {"paths": _paths}
PREFIXES = {
    "full_path_": _full_path,
    "path_": _path,
    "unowned_s_": _unowned,
    "owned_s_": _owned,
}
