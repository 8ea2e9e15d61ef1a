"""The PostgreSQL that tests start; `proof/house` makes it."""

from proof.house.postgres import LOG_SETTINGS, ROLE, Postgres, programs

__all__ = ["LOG_SETTINGS", "ROLE", "Postgres", "programs"]
