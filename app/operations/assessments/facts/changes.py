"""Change events with the services they changed."""

from app.assessment.rows import ChangeEvent
from app.operations.assessments.facts.tables import Records


def change_events(records: Records) -> list[ChangeEvent]:
    """Every change event, of any window."""
    services = records.nested("change_event_service", "id")
    return [
        ChangeEvent(change, at, integration, tuple(services.get(change, ())))
        for change, at, integration in records.rows(
            "change_event", "id", "timestamp", "integration_id"
        )
    ]
