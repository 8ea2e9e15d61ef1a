"""`python -m sandbox`: a PagerDuty to try Tacit against."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import click

from sandbox.account.from_file import AccountFileError
from sandbox.account.sizes import SIZES
from sandbox.application import create_sandbox
from sandbox.server import bind, serve
from sandbox.settings import Settings

DEFAULTS = Settings()


class Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("an ISO 8601 instant is needed, like 2026-05-06T00:00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.command(context_settings={"auto_envvar_prefix": "SANDBOX", "show_default": True})
@click.option("--port", type=int, default=8001)
@click.option("--host", default="localhost", help="A loopback address.")
@click.option("--size", type=click.Choice(list(SIZES)), default=DEFAULTS.size)
@click.option("--times", type=click.IntRange(min=1), default=1, help="So many times the history.")
@click.option("--seed", type=int, default=DEFAULTS.seed)
@click.option(
    "--account",
    "account_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Objects in REST shape instead of a generated account.",
)
@click.option("--example", help="The id of one example in the account file.")
@click.option("--as-of", type=Instant(), help="Where the generated account ends.  [default: now]")
@click.option("--rate-limit", type=int, default=DEFAULTS.rate_limit, help="A minute; 0 is off.")
@click.option("--oncalls-limit", type=int, default=DEFAULTS.oncalls_limit, help="A minute.")
@click.option("--latency-ms", type=int, default=DEFAULTS.latency_ms)
@click.option("--redirect-uri", default=DEFAULTS.redirect_uri)
@click.option("--client-id", default=DEFAULTS.client_id)
@click.option("--client-secret", default=DEFAULTS.client_secret, show_default=False)
@click.option("--subdomain", default=DEFAULTS.subdomain)
@click.option("--access-token-seconds", type=int, default=DEFAULTS.access_token_seconds)
@click.option(
    "--without-ability",
    "absent",
    multiple=True,
    envvar="SANDBOX_WITHOUT_ABILITY",
    help="An ability the account lacks (402).",
)
@click.option(
    "--forbid",
    "forbidden",
    multiple=True,
    metavar="PATH",
    envvar="SANDBOX_FORBID",
    help="An endpoint that the authorizer may not read (403): /teams/{id}/members, /v3/*.",
)
@click.option("--canaries", default="", help="The word of a proof: six letters of base 32.")
@click.option("--canary-ids", is_flag=True, help="In a proof: ids and tokens are canaries too.")
@click.option(
    "--with-revocation",
    "revocation",
    is_flag=True,
    envvar="SANDBOX_WITH_REVOCATION",
    help="The discovery document offers to withdraw tokens (RFC 7009).",
)
def main(port: int, host: str, absent: tuple[str, ...], **options: object) -> None:
    """Serve PagerDuty's identity host and REST API, in memory, until SIGTERM."""
    # Authlib writes tokens and verifiers at DEBUG.
    logging.getLogger("authlib").setLevel(logging.WARNING)
    settings = Settings(
        absent_abilities=frozenset(absent),
        **options,  # type: ignore[arg-type]
    )
    try:
        app = create_sandbox(settings)
    except AccountFileError as error:
        raise click.ClickException(str(error)) from None
    server = bind(app, host, port)
    click.echo(f"sandbox PagerDuty at http://{host}:{server.port}")
    serve(server)
