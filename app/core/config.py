"""Configuration from the environment: checked once, refused when it makes no sense."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv

from app.core import crash_points, queue_server
from app.core.deadlines import DeadlineError, Deadlines

DEMO_EMAIL = "consultant@demo.example"
"""Opens only an installation on the sandbox, also one whose database was used otherwise before."""
DATABASE_NAME = "tacit.db"
"""Of SQLite, in the instance folder, where no other database is named."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_REQUIRED_IN_PRODUCTION = (
    "TACIT_MASTER_KEY",
    "TACIT_BASE_URL",
    "DATABASE_URL",
    "REDIS_URL",
    "PAGERDUTY_CLIENT_ID",
    "PAGERDUTY_CLIENT_SECRET",
)


def load_env_file() -> None:
    """Add what `.env` in the checkout sets; a variable of the environment wins.

    ``TACIT_ENV_FILE=`` (empty) reads no file: a test must not meet the keys of a real PagerDuty.
    """
    if name := os.environ.get("TACIT_ENV_FILE", ".env"):
        load_dotenv(Path(__file__).resolve().parents[2] / name)


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


def _origin(name: str, value: str) -> str:
    parts = urlsplit(value)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username)
    if not (secure and bare and parts.hostname):
        raise ConfigError(f"{name} must be https://host (http only on loopback), without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _key(name: str, value: str) -> bytes:
    problem = f"{name} must be 32 bytes in base64: openssl rand -base64 32"
    try:
        key = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        raise ConfigError(problem) from None
    if len(key) != 32:
        raise ConfigError(problem)
    return key


def _keys(environ: Mapping[str, str]) -> tuple[bytes | None, tuple[bytes, ...]]:
    """The master key and the former ones, which open only, while a rotation is under way."""
    name, former_name = "TACIT_MASTER_KEY", "TACIT_MASTER_KEY_FORMER"
    master = environ.get(name)
    former = environ.get(former_name) or ""
    if former and not master:
        raise ConfigError(f"{former_name} needs {name}.")
    return (
        _key(name, master) if master else None,
        tuple(_key(former_name, each.strip()) for each in former.split(",") if each.strip()),
    )


def _keystore(environ: Mapping[str, str], instance: Path, database_url: str) -> Path:
    """A folder of its own: a copy of the database's folder must be no copy of the keys."""
    folder = Path(environ.get("TACIT_KEYSTORE") or instance / "keystore")
    if not folder.is_absolute():
        raise ConfigError("TACIT_KEYSTORE must be an absolute path.")
    scheme, _, path = database_url.partition(":///")
    database = [Path(path).resolve().parent] if scheme.startswith("sqlite") else []
    if any(each.is_relative_to(folder.resolve()) for each in (instance, *database)):
        raise ConfigError(
            "TACIT_KEYSTORE must be a folder of its own, outside of the database's folder."
        )
    return folder.resolve()


def positive(environ: Mapping[str, str], name: str, default: float) -> float:
    """A number of the environment above 0. Raises ConfigError."""
    problem = f"{name} must be a number above 0."
    try:
        value = float(environ.get(name) or default)
    except ValueError:
        raise ConfigError(problem) from None
    if not 0 < value < 1e6:
        raise ConfigError(problem)
    return value


def _count(environ: Mapping[str, str], name: str, allowed: range, default: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isdecimal() and int(value) in allowed):
        raise ConfigError(f"{name} must be a whole number, {allowed[0]} to {allowed[-1]}.")
    return int(value)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between two installations. Secrets stay out of ``repr``."""

    production: bool
    instance: Path
    base_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    keystore: Path
    """The folder of the keys, outside of the database's folder."""
    master_key: bytes | None = field(repr=False)
    former_keys: tuple[bytes, ...] = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    identity_url: str
    api_url: str
    api_eu_url: str
    sweep_seconds: float
    lease_seconds: float
    check_seconds: float
    requests_in_flight: int
    """How many requests one connection may have under way; 1 is what PagerDuty advises."""
    trusted_proxies: int
    """How many proxies of ours are in front; only their X-Forwarded-For is trusted."""
    quiet_hour: int
    """The hour of the day, UTC, in which PostgreSQL's tables may be rewritten."""
    deadlines: Deadlines

    @property
    def sandboxed(self) -> bool:
        """Whether PagerDuty is a sandbox on this machine, where the demo login works."""
        return not self.production and urlsplit(self.identity_url).hostname in _LOOPBACK

    @property
    def regions(self) -> dict[str, str]:
        """The two REST origins by region."""
        return {"us": self.api_url, "eu": self.api_eu_url}

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Read and check; raises ConfigError."""
        production = environ.get("TACIT_ENV", "local") == "production"
        if production:
            missing = [name for name in _REQUIRED_IN_PRODUCTION if not environ.get(name)]
            for name in (crash_points.VARIABLE, crash_points.STOP_VARIABLE):
                if environ.get(name):
                    raise ConfigError(f"{name} is for tests: unset it.")
            if missing:
                raise ConfigError(f"Production needs {', '.join(missing)}: see .env.example.")
        instance = Path(environ.get("TACIT_INSTANCE") or "instance").resolve()
        database_url = environ.get("DATABASE_URL") or f"sqlite:///{instance / DATABASE_NAME}"
        master_key, former_keys = _keys(environ)
        base_url = _origin("TACIT_BASE_URL", environ.get("TACIT_BASE_URL") or _local(environ))
        if production and not base_url.startswith("https://"):
            raise ConfigError("TACIT_BASE_URL must be https in production.")
        return cls(
            production=production,
            instance=instance,
            base_url=base_url,
            database_url=database_url,
            redis_url=environ.get("REDIS_URL")
            or queue_server.url(queue_server.socket_path(instance)),
            keystore=_keystore(environ, instance, database_url),
            master_key=master_key,
            former_keys=former_keys,
            client_id=environ.get("PAGERDUTY_CLIENT_ID", ""),
            client_secret=environ.get("PAGERDUTY_CLIENT_SECRET", ""),
            identity_url=_pagerduty(environ, "PAGERDUTY_IDENTITY_URL", "identity.pagerduty.com"),
            api_url=_pagerduty(environ, "PAGERDUTY_API_URL", "api.pagerduty.com"),
            api_eu_url=_pagerduty(environ, "PAGERDUTY_API_EU_URL", "api.eu.pagerduty.com"),
            sweep_seconds=positive(environ, "TACIT_SWEEP_SECONDS", 5),
            lease_seconds=positive(environ, "TACIT_LEASE_SECONDS", 30),
            check_seconds=positive(environ, "TACIT_CHECK_SECONDS", 3600),
            requests_in_flight=_count(environ, "TACIT_REQUESTS_IN_FLIGHT", range(1, 9), 4),
            trusted_proxies=_count(environ, "TACIT_TRUSTED_PROXIES", range(10), 0),
            quiet_hour=_count(environ, "TACIT_QUIET_HOUR", range(24), 3),
            deadlines=_deadlines(environ),
        )


def _deadlines(environ: Mapping[str, str]) -> Deadlines:
    try:
        return Deadlines.from_env(environ)
    except DeadlineError as error:
        raise ConfigError(str(error)) from None


def _local(environ: Mapping[str, str]) -> str:
    return f"http://127.0.0.1:{environ.get('PORT') or '8000'}"


def _pagerduty(environ: Mapping[str, str], name: str, host: str) -> str:
    return _origin(name, environ.get(name) or f"https://{host}")
