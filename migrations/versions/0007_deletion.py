"""Deletion: causes, stages and the signed log; requests and downloads for the client to see.

A purge under way keeps its epoch's id masked from now on, so that a search of the files for the id
does not find the purge itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from app.models.purge import masked

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CAUSE = "cause IN ('disconnect', 'engagement_ended', 'retention', 'grant_lost', 'firm_deleted')"
_REVOCATION = "revocation IN ('revoked', 'not_offered', 'failed')"
Row = dict[str, Any]
_KINDS: dict[str, sa.types.TypeEngine[Any]] = {"rows": sa.JSON(), "stages": sa.JSON()}


def upgrade() -> None:
    """Apply."""
    for table, column in (("engagement", "ends_at"), ("firm", "deleted_at")):
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
    op.add_column(
        "budget", sa.Column("let_through", sa.Integer(), server_default="0", nullable=False)
    )
    _purge()
    _ledger_entry()
    _download()
    _api_request()
    _client_link()
    _allow_list()
    if op.get_bind().dialect.name == "postgresql":
        _keep_no_statistics()


def downgrade() -> None:
    """Take back."""
    for table in ("allow_list", "client_link", "api_request", "download", "ledger_entry"):
        op.drop_table(table)
    _purge_of_before()
    op.drop_column("budget", "let_through")
    op.drop_column("firm", "deleted_at")
    op.drop_column("engagement", "ends_at")


def _purge() -> None:
    rows = take_purges()
    create_purge("sealed")
    put_purges(
        {**_without(row, "epoch_id"), "epoch_mask": _masked(row, "epoch_id")}
        | {"cause": "disconnect", "stages": {}}
        for row in rows
    )


def create_purge(open_state: str) -> None:
    """The table, with the word for a purge that is not done."""
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("epoch_handle", sa.String(length=16), nullable=False),
        sa.Column("epoch_mask", sa.LargeBinary(length=16), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("allow_list_hash", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("keys_destroyed_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("revocation", sa.String(length=16), nullable=True),
        sa.Column("last_code", sa.String(length=32), nullable=True),
        sa.Column("lease_owner", sa.String(length=16), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (epoch_mask IS NULL)", name="purge_forgets_epoch"),
        sa.CheckConstraint(f"state IN ('{open_state}', 'done')", name="purge_state"),
        sa.CheckConstraint(_CAUSE, name="purge_cause"),
        sa.CheckConstraint(_REVOCATION, name="purge_revocation"),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("epoch_handle"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index("ix_purge_engagement_id", "purge", ["engagement_id"], unique=False)


def _purge_of_before() -> None:
    rows = take_purges()
    _connections_before()._purge()  # noqa: SLF001 - the table as that revision makes it
    new = ("epoch_mask", "cause", "stages", "revocation", "last_code")
    put_purges(
        {**_without(row, *new), "epoch_id": _masked(row, "epoch_mask")}
        for row in rows
        if row["engagement_id"] is not None
    )


def _connections_before() -> ModuleType:
    return context.script.get_revision("0002").module


def take_purges() -> list[Row]:
    """Read all purges and drop their table: altering it would leave other names on SQLite."""
    every = sa.text("SELECT * FROM purge ORDER BY id").columns(**_KINDS)
    rows = op.get_bind().execute(every).mappings()
    found = [dict(row) for row in rows]
    op.drop_table("purge")
    return found


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def _masked(row: Row, name: str) -> bytes | None:
    """Masking twice gives the id again, so both ways are the same."""
    return None if row[name] is None else masked(row["handle"], bytes(row[name]))


def put_purges(rows: Iterable[Row]) -> None:
    """Insert these rows."""
    for row in rows:
        table = sa.table("purge", *(sa.column(name, _KINDS.get(name)) for name in row))
        op.execute(table.insert().values(row))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            sa.text(
                "SELECT setval('purge_id_seq', greatest(1, (SELECT max(id) FROM purge)), "
                "EXISTS (SELECT 1 FROM purge))"
            )
        )


def _ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("purge_handle", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('promise', 'receipt', 'breach')", name="ledger_entry_kind"),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("hash"),
        sa.UniqueConstraint("purge_handle", "kind", name="ledger_entry_once"),
    )


def _download() -> None:
    op.create_table(
        "download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("epoch_handle", sa.String(length=16), nullable=False),
        sa.Column("assessment_handle", sa.String(length=16), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    for column in ("engagement_id", "epoch_handle", "member_id"):
        op.create_index(f"ix_download_{column}", "download", [column])


def _api_request() -> None:
    op.create_table(
        "api_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("path", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["epoch_id"], ["epoch.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("api_request_of_epoch", "api_request", ["epoch_id", "asked_at"])


def _client_link() -> None:
    op.create_table(
        "client_link",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("engagement_id"),
        sa.UniqueConstraint("digest"),
    )


def _allow_list() -> None:
    op.create_table(
        "allow_list",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )


def _keep_no_statistics() -> None:
    """PostgreSQL samples values into pg_statistic, where they outlive their rows.

    Changing a column's type, also to the same, drops what was sampled before. It also spells
    conditions of indexes anew, so the one there is steps aside.
    """
    op.drop_index("one_active_run", "collection_run")
    for table, column in _identifying():
        op.execute(sa.text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE bytea'))
        op.execute(sa.text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS 0'))
    active = sa.text("state IN ('queued', 'running')")
    op.create_index(
        "one_active_run", "collection_run", ["epoch_id"], unique=True, postgresql_where=active
    )


def _identifying() -> Iterator[tuple[str, str]]:
    """Epoch ids and pseudonyms: every binary column of a table that hangs from an epoch."""
    found = sa.inspect(op.get_bind())
    for table in found.get_table_names():
        columns = found.get_columns(table)
        if table == "epoch" or "epoch_id" in {column["name"] for column in columns}:
            for column in columns:
                if isinstance(column["type"], sa.LargeBinary):
                    yield table, column["name"]
