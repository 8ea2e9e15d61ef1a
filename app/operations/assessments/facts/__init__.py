"""Rows to the engine's rows: codes become words again, nested rows join their parents."""

from sqlalchemy.orm import Session

from app.assessment.rows import Facts
from app.models import CollectionRun
from app.operations.assessments.facts.account_plan import abilities, priorities, teams
from app.operations.assessments.facts.changes import change_events
from app.operations.assessments.facts.collection_quality import collection_quality
from app.operations.assessments.facts.incidents import incidents
from app.operations.assessments.facts.log_entries import log_entries
from app.operations.assessments.facts.people import oncalls, responders, team_members
from app.operations.assessments.facts.policies import escalation_policies, escalation_rules
from app.operations.assessments.facts.schedules import (
    layered,
    overrides,
    schedules,
    shift_based,
)
from app.operations.assessments.facts.services import (
    business_services,
    dependencies,
    services,
)
from app.operations.assessments.facts.tables import Records
from app.operations.assessments.without_gc import uncollected


def load_facts(session: Session, epoch_id: bytes, run: CollectionRun | None = None) -> Facts:
    """Everything the engine reads of one epoch, without what PagerDuty no longer has.

    ``run`` gives the quality of the collection and the rosters of its time; without it
    nothing of the first is known and rosters of all times count.
    """
    with uncollected():
        return _load(Records(session, epoch_id), run)


def _load(records: Records, run: CollectionRun | None) -> Facts:
    return Facts(
        incidents=incidents(records),
        log_entries=log_entries(records),
        escalation_rules=escalation_rules(records),
        schedules=schedules(records, run),
        schedule_entries=[*layered(records), *shift_based(records)],
        overrides=overrides(records),
        escalation_policies=escalation_policies(records),
        services=services(records),
        business_services=business_services(records),
        dependencies=dependencies(records),
        oncalls=oncalls(records),
        change_events=change_events(records),
        responders=responders(records),
        team_members=team_members(records),
        teams=teams(records),
        priorities=priorities(records),
        abilities=abilities(records),
        gathered=collection_quality(records, run),
    )
