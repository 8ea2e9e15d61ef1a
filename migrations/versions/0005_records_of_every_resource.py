"""Records of every resource: numbers and pseudonyms only."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = """
ability (position)
    word code:48!
authorizer (position)
    role code:8
business_service (id)
    team_id pseudonym
change_event (id)
    timestamp instant!
    integration_id pseudonym
change_event_service nested (change_event_id, position)
    id pseudonym
escalation_policy (id)
    num_loops whole
    on_call_handoff_notifications code:2
escalation_policy_team nested (escalation_policy_id, position)
    id pseudonym
escalation_rule nested (escalation_policy_id, position)
    escalation_delay_in_minutes whole
    escalation_rule_assignment_strategy code:2
escalation_target nested (escalation_policy_id, escalation_rule_position, position)
    type code:2
    id pseudonym
incident (id)
    created_at instant!
    resolved_at instant
    last_status_change_at instant
    status code:3
    urgency code:2
    priority_id pseudonym
    service_id pseudonym
    escalation_policy_id pseudonym
    resolve_reason_type code:1
    alert_counts_all whole
incident_acknowledgement nested (incident_id, position)
    at instant!
    acknowledger_type code:3
incident_responder nested (incident_id, position)
    state code:4
    requested_at instant
    updated_at instant
    user_id pseudonym
incident_team nested (incident_id, position)
    id pseudonym
log_entry (id)
    type code:17!
    created_at instant!
    incident_id pseudonym
    service_id pseudonym
    agent_type code:3
    agent_id pseudonym
    channel_type code:13
    channel_notification_type code:4
    user_id pseudonym
log_entry_assignee nested (log_entry_id, position)
    id pseudonym
maintenance_window (id)
    start_time instant
    end_time instant
maintenance_window_service nested (maintenance_window_id, position)
    id pseudonym
maintenance_window_team nested (maintenance_window_id, position)
    id pseudonym
oncall (id)
    escalation_policy_id pseudonym
    escalation_level whole
    user_id pseudonym
    schedule_type code:2
    schedule_id pseudonym
    start instant
    end instant
paused_incidents (position)
    paused_count whole
    triggered_after_pause_count whole
    resolved_after_pause_count whole
priority (position)
    id pseudonym!
responder (id)
    time_zone code:746
responder_request nested (incident_id, position)
    requested_at instant
rotation nested (schedule_v3_detail_id, position)
rotation_event nested (schedule_v3_detail_id, rotation_position, position)
    effective_since instant
    effective_until instant
rotation_member nested (schedule_v3_detail_id, rotation_position, rotation_event_position, position)
    type code:2
    user_id pseudonym
schedule (id)
    time_zone code:746
schedule_entry nested (schedule_id, position)
    start instant
    end instant
    user_id pseudonym
schedule_override nested (schedule_id, position)
    start instant
    end instant
    user_id pseudonym
schedule_team nested (schedule_id, position)
    id pseudonym
schedule_user nested (schedule_id, position)
    id pseudonym
schedule_v3 (id)
schedule_v3_detail (id)
    time_zone code:746
schedule_v3_shift nested (schedule_v3_detail_id, position)
    start_time instant!
    end_time instant!
    member_type code:2
    member_user_id pseudonym
    source_type code:4
schedule_v3_team nested (schedule_v3_detail_id, position)
    id pseudonym
service (id)
    status code:5
    created_at instant
    last_incident_timestamp instant
    escalation_policy_id pseudonym
    acknowledgement_timeout whole
    auto_resolve_timeout whole
    incident_urgency_rule_type code:2
    incident_urgency_rule_urgency code:3
    incident_urgency_rule_during_support_hours_type code:2
    incident_urgency_rule_during_support_hours_urgency code:3
    incident_urgency_rule_outside_support_hours_type code:2
    incident_urgency_rule_outside_support_hours_urgency code:3
    support_hours_time_zone code:746
    support_hours_days_of_week days:127
    support_hours_start_time time_of_day:86400
    support_hours_end_time time_of_day:86400
    alert_grouping_parameters_type code:3
    auto_pause_notifications_parameters_enabled flag:1
    auto_pause_notifications_parameters_timeout whole
    integrations whole
service_dependency (id)
    supporting_service_type code:2
    supporting_service_id pseudonym
    dependent_service_type code:2
    dependent_service_id pseudonym
service_team nested (service_id, position)
    id pseudonym
team (id)
    default_role code:2
team_member (team_id, position)
    user_id pseudonym
    role code:3
"""
"""Per table: its keys after the epoch, then its columns; ``:n`` is the highest, ``!`` required."""

_TYPES: dict[str, type[sa.types.TypeEngine[int]]] = {
    "instant": sa.BigInteger,
    "whole": sa.Integer,
    "time_of_day": sa.Integer,
    "code": sa.SmallInteger,
    "flag": sa.SmallInteger,
    "days": sa.SmallInteger,
}
_LONGEST_NAME = 63


def upgrade() -> None:
    """Apply."""
    for head, columns in declared_tables():
        create(head, columns)


def downgrade() -> None:
    """Take back."""
    for head, _ in reversed(list(declared_tables())):
        op.drop_table(head.split()[0])


def declared_tables() -> Iterator[tuple[str, list[str]]]:
    head, columns = "", []
    for line in _TABLES.strip().splitlines():
        if line.startswith(" "):
            columns.append(line.strip())
            continue
        if head:
            yield head, columns
        head, columns = line, []
    yield head, columns


def create(head: str, declared: list[str]) -> None:
    title, _, listed = head.removesuffix(")").partition(" (")
    name, _, nested = title.partition(" ")
    keys = listed.split(", ")
    op.create_table(
        name,
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        *(part for key in keys for part in _key(name, key)),
        *(part for each in declared for part in _column(name, each)),
        sa.Column("run_id", sa.Integer(), nullable=False),
        *([] if nested else [sa.Column("deleted_at", sa.BigInteger(), nullable=True)]),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("epoch_id", *keys),
        info={"collected": True},
        sqlite_with_rowid=False,
    )


def _key(table: str, key: str) -> list[sa.schema.SchemaItem]:
    if key.endswith("position"):
        return [sa.Column(key, sa.Integer(), autoincrement=False, nullable=False)]
    return _column(table, f"{key} pseudonym!")


def _column(table: str, declared: str) -> list[sa.schema.SchemaItem]:
    name, _, rest = declared.partition(" ")
    kind, _, highest = rest.removesuffix("!").partition(":")
    nullable = not rest.endswith("!")
    if kind == "pseudonym":
        check = sa.CheckConstraint(f"length({name}) = 16", name=f"{table}_{name}_length")
        return [sa.Column(name, sa.LargeBinary(length=16), nullable=nullable), check]
    column = sa.Column(name, _TYPES[kind](), nullable=nullable)
    if not highest:
        return [column]
    constraint = f"{table}_{name}_{kind}"
    if len(constraint) > _LONGEST_NAME:
        constraint = f"{name}_{kind}"
    return [column, sa.CheckConstraint(f"{name} BETWEEN 0 AND {highest}", name=constraint)]
