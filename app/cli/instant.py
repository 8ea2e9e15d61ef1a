"""A time on the command line."""

from datetime import UTC, datetime

import click


class Instant(click.ParamType[datetime]):
    """An ISO 8601 time; without an offset it is UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse, or fail with what is wanted."""
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("give an ISO time like 2026-03-01T00:00:00Z", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
