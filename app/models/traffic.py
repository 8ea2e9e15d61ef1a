"""Traffic: the rate limits and the circuit breaker of a connection."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Bytes16

BUCKET_LENGTH = 16


class Budget(Base):
    """One of PagerDuty's rate limits, shared by every process with the same token.

    Instants are microseconds since 1970 UTC; 0 is long ago. See ``collectors.client.budget``.
    """

    __tablename__ = "budget"
    __table_args__ = (
        CheckConstraint("ceiling > 0", name="budget_ceiling"),
        CheckConstraint("in_flight >= 0", name="budget_in_flight"),
    )

    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), primary_key=True
    )
    bucket: Mapped[str] = mapped_column(String(BUCKET_LENGTH), primary_key=True)
    ceiling: Mapped[int | None]
    """``ratelimit-limit``; NULL until PagerDuty has stated it."""
    unspent: Mapped[int]
    in_flight: Mapped[int]
    least: Mapped[int]
    """The smallest ``in_flight`` since ``aged_at``: so many may be lost with their process."""
    tried: Mapped[int]
    known: Mapped[bool]
    """Whether a response of this window has arrived."""
    strikes: Mapped[int]
    """Consecutive 429."""
    begun_at: Mapped[int] = mapped_column(BigInteger)
    resets_at: Mapped[int] = mapped_column(BigInteger)
    paused_until: Mapped[int] = mapped_column(BigInteger)
    aged_at: Mapped[int] = mapped_column(BigInteger)
    let_through: Mapped[int] = mapped_column(default=0, server_default="0")
    """Requests that may have left since the epoch began; fewer are noted: those in flight and
    those of killed processes are not."""


class Circuit(Base):
    """The breaker of one connection. Instants as in ``Budget``; see ``client.breaker``."""

    __tablename__ = "circuit"

    epoch_id: Mapped[bytes] = mapped_column(
        Bytes16, ForeignKey("epoch.id", ondelete="CASCADE"), primary_key=True
    )
    failures: Mapped[int]
    """Consecutive ones."""
    opened: Mapped[int]
    """How often it opened since the last response."""
    open_until: Mapped[int] = mapped_column(BigInteger)
    trial_until: Mapped[int] = mapped_column(BigInteger)
    """Deadline of the one request of a half-open circuit."""
