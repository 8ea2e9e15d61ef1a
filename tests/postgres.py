"""The PostgreSQL that tests start; `proof/installation` makes it."""

from proof.installation.postgres import LOG_SETTINGS, ROLE, Postgres, programs

__all__ = ["LOG_SETTINGS", "ROLE", "Postgres", "programs"]
