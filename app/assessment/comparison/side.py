"""One of two assessments under comparison: as computed, and as published."""

from collections.abc import Mapping
from functools import cached_property

from app.assessment.cases.case import Case
from app.assessment.engine import Result, assess
from app.assessment.figures import Figure, People
from app.assessment.options import AssessmentOptions
from app.assessment.publish import Published, publish
from app.assessment.rows import Facts


class Side:
    """Raw figures have samples and people; only published ones are shown."""

    def __init__(
        self, facts: Facts, options: AssessmentOptions, whole: "Side | None" = None
    ) -> None:
        self.options = options
        self.whole = whole
        """The same window over all services; None where this is it."""
        self.result: Result = assess(facts, options)
        self.published: Published = publish(self.result)

    @cached_property
    def cases(self) -> list[Case]:
        """Population B."""
        return [case for case in self.result.account.cases if not case.merged]

    @cached_property
    def shown(self) -> Mapping[str, Figure]:
        """Published figures of the account by measure."""
        return {f.measure: f for f in self.published.figures if _of_account(f)}

    @cached_property
    def people(self) -> Mapping[str, People | None]:
        """Who stands behind each figure of the account."""
        return {f.measure: f.people for f in self.result.figures if _of_account(f)}

    @cached_property
    def services(self) -> frozenset[bytes]:
        """Services with incidents in the window, or that stand in the account."""
        facts = self.result.account.facts
        seen = {case.incident.service_id for case in self.result.account.cases}
        since = self.options.until
        return frozenset(s for s in seen if s is not None) | frozenset(
            each.id for each in facts.services if (each.created_at or 0) < since
        )


def _of_account(figure: Figure) -> bool:
    return figure.level == "account" and figure.key is None
