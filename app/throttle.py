"""The limiter of logins."""

import hashlib

from limits import parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

_PER_ACCOUNT = parse("10/5 minutes")
_PER_NETWORK = parse("100/5 minutes")
_REDIS_SECONDS = 0.5
"""A login counts twice, and waits no longer than this each time for a Redis that hangs."""


class Throttle:
    """Counts attempts per account on one network, so that an attacker cannot lock a victim out."""

    def __init__(self) -> None:
        self._local = FixedWindowRateLimiter(MemoryStorage())
        self._limiter = self._local

    def bind(self, redis_url: str) -> None:
        """Count in Redis, for all processes; in this process alone while Redis is unavailable."""
        self._local = FixedWindowRateLimiter(MemoryStorage())
        url = f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url
        self._limiter = FixedWindowRateLimiter(
            storage_from_string(url, socket_timeout=_REDIS_SECONDS)
        )

    def allows(self, account: str, network: str) -> bool:
        """Count one attempt; False when it is one too many."""
        return self._count(self._limiter, account, network)

    def clear(self, account: str, network: str) -> None:
        """Clear the attempts on an account after the right password."""
        try:
            self._limiter.clear(_PER_ACCOUNT, _digest(account, network))
        except RedisError:
            self._local.clear(_PER_ACCOUNT, _digest(account, network))

    def _count(self, limiter: FixedWindowRateLimiter, account: str, network: str) -> bool:
        try:
            both = limiter.hit(_PER_NETWORK, _digest(network))
            return limiter.hit(_PER_ACCOUNT, _digest(account, network)) and both
        except RedisError:
            return self._count(self._local, account, network)


def _digest(*parts: str) -> str:
    # No address or e-mail stands in Redis.
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
