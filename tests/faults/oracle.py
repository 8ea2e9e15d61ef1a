"""What must be true after every cell, read from outside: tables, files, the ledger, the sandbox.

Nothing of the product is called, and nothing but its schema and its receipts is believed.
"""

import hashlib
import json
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, create_engine, select

from app.processes.process_list import ROOT
from tests.faults.canaries import Search
from tests.faults.installation import RepairedInstallation

STAGES = ["keys", "rows", "recount", "queue", "files", "revocation", "residue", "verified",
          "receipted"]  # fmt: skip
CONTROL = {
    "allow_list", "client_link", "connection", "download", "engagement", "epoch", "firm",
    "heartbeat", "ledger_entry", "member", "purge", "web_session",
}  # fmt: skip
"""Tables without anything collected; every other one hangs from the epoch."""
UNDER_WAY = timedelta(seconds=3)
"""A request that had left before the epoch was closed is written down when it is answered."""
REPEATED_AFTER = {"not_verified", "database_left", "log_left"}
_VERIFIER = runpy.run_path(str(ROOT / "docs" / "verify_receipt.py"))

Row = dict[str, Any]


class Oracle:
    """Of one database and one instance folder, in which ``bystander`` is an epoch's handle.

    ``late`` are the purges whose promise was broken on purpose.
    """

    def __init__(self, url: str, instance: Path, bystander: str | None = None) -> None:
        self.late: set[str] = set()
        self._engine = create_engine(url)
        self._instance = instance
        self._tables = self._reflect()
        self._hanging = {n: t for n, t in self._tables.items() if "epoch_id" in t.c}
        self._bystander = bystander
        self._kept = self._dump()
        self._engine.dispose()
        self._log: list[bytes] = []
        self._done: dict[str, str] = {}

    def judge(self) -> None:
        """Everything that is true at any time."""
        assert list(self._orphans()) == []
        entries, purges = self._rows("ledger_entry"), self._rows("purge")
        statements = [(each["kind"], each["purge_handle"]) for each in entries]
        assert len(statements) == len(set(statements)), "something was promised or receipted twice"
        promised = {handle for kind, handle in statements if kind == "promise"}
        assert promised == {each["handle"] for each in purges}
        log = [_file(each) for each in entries]
        if log != self._log:
            _VERIFIER["chain"]([json.loads(file) for file in log])
            self._log = log
        for purge in purges:
            self._assert_purge(purge, {e["kind"]: _file(e) for e in entries if _of(e, purge)})
        assert self._dump() == self._kept
        self._engine.dispose()

    def look_again(self) -> None:
        """The bystander's rows were changed on purpose."""
        self._kept = self._dump()
        self._engine.dispose()

    def _assert_purge(self, purge: Row, made: dict[str, bytes]) -> None:
        _assert_promised(purge, made)
        self._assert_staged(purge)
        seen = repr((purge, made))
        if purge["state"] == "done" and self._done.get(purge["handle"]) != seen:
            self._assert_done(purge, made)
            self._done[purge["handle"]] = seen

    def _reflect(self) -> dict[str, Table]:
        metadata = MetaData()
        metadata.reflect(self._engine)
        hanging = {name for name, table in metadata.tables.items() if "epoch_id" in table.c}
        assert set(metadata.tables) - hanging - {"alembic_version"} == CONTROL
        for name in hanging:
            (key,) = (
                key for key in metadata.tables[name].foreign_keys if key.parent.name == "epoch_id"
            )
            assert key.column.table.name == "epoch", name
            assert key.ondelete == "CASCADE", name
        return dict(metadata.tables)

    def _rows(self, name: str) -> list[Row]:
        """Of a table of ours, in the order of its key."""
        table = self._tables[name]
        ordered = select(table).order_by(*table.primary_key.columns)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(ordered).mappings()]

    def _orphans(self) -> Iterator[str]:
        """Tables with a row whose epoch is not there, or of whose deletion there is a receipt."""
        done = {each["epoch_handle"] for each in self._rows("purge") if each["state"] == "done"}
        alive = {each["id"] for each in self._rows("epoch") if each["handle"] not in done}
        with self._engine.connect() as connection:
            for name, table in self._hanging.items():
                if set(connection.scalars(select(table.c.epoch_id).distinct())) - alive:
                    yield name

    def _assert_staged(self, purge: Row) -> None:
        """Done are the first stages up to one, each after the one before."""
        stages = _json(purge["stages"])
        assert sorted(stages, key=STAGES.index) == STAGES[: len(stages)]
        times = [_instant(stages[name]["at"]) for name in STAGES[: len(stages)]]
        # What the verification found sends a purge through its stages again.
        assert times == sorted(times) or purge["last_code"] in REPEATED_AFTER

    def _assert_done(self, purge: Row, made: dict[str, bytes]) -> None:
        late = purge["handle"] in self.late
        together = {} if late else {"promise": made["promise"]}
        assert "Genuine" in _VERIFIER["check"](made["receipt"], **together)
        stated = _stated(made["receipt"])
        assert stated["late"] is late
        assert set(stated["stages"]) == set(STAGES)
        assert stated["recheck"]["rows"] == stated["stages"]["verified"]["rows"] == 0
        assert stated["recheck"]["tables"] == len(self._hanging) + len({"epoch"})
        assert purge["epoch_mask"] is None
        assert list(self._instance.rglob(f"*{purge['epoch_handle']}*")) == []

    def _dump(self) -> dict[str, str]:
        """A digest of the bystander's rows of each table."""
        found: dict[str, str] = {}
        for epoch in self._rows("epoch"):
            if epoch["handle"] == self._bystander:
                for name, table in self._hanging.items():
                    own = select(table).where(table.c.epoch_id == epoch["id"])
                    with self._engine.connect() as connection:
                        rows = sorted(map(repr, connection.execute(own)))
                    found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return found


class InstallationOracle(Oracle):
    """The same of a whole product, with all that it wrote and requested."""

    def __init__(self, installation: RepairedInstallation) -> None:
        (handle,) = installation.product.select("SELECT handle FROM epoch")
        super().__init__(
            installation.product.database_url, installation.product.plan.instance, handle
        )
        self._installation = installation
        self._search = Search(installation.product)

    def judge(self) -> None:
        self.late = self._installation.late
        super().judge()
        assert self._search.leaks() == []

    def judge_end(self) -> None:
        """After the last disconnect nobody is connected but the bystander; nothing of it is due."""
        self.judge()
        closed = [_instant(each["requested_at"]) for each in self._rows("purge")]
        late = [
            each["path"]
            for each in self._installation.product.sandbox.requests()["requests"]
            if "/oauth/" not in each["path"] and _instant(each["time"]) > max(closed) + UNDER_WAY
        ]
        self._engine.dispose()
        assert closed == [] or late == []


def _assert_promised(purge: Row, made: dict[str, bytes]) -> None:
    promise = _stated(made["promise"])
    assert _instant(promise["deadline_at"]) == _instant(purge["deadline_at"])
    assert _instant(promise["requested_at"]) == _instant(purge["requested_at"])
    assert ("receipt" in made) == (purge["state"] == "done")


def _of(entry: Row, purge: Row) -> bool:
    return bool(entry["purge_handle"] == purge["handle"])


def _file(entry: Row) -> bytes:
    """An entry as it is handed out."""
    named = {name: bytes(entry[name]).hex() for name in ("hash", "public_key", "signature")}
    return _canonical({"entry": json.loads(entry["body"]), **named})


def _stated(file: bytes) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(file)["entry"]["statement"]
    return stated


def _json(value: Any) -> dict[str, Any]:
    """A JSON column as either driver brings it."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _instant(value: object) -> datetime:
    """A moment as a table keeps it, microseconds since 1970, or as a receipt writes it."""
    if isinstance(value, int):
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=value)
    return datetime.fromisoformat(str(value))
