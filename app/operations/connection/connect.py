"""Connect: an authorised account becomes a connection, or nothing at all is stored."""

import os
import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import ConnectRefused
from app.extensions import keystore
from app.models import (
    RECORD_TABLES,
    CollectionRun,
    Connection,
    Engagement,
    Epoch,
    JobState,
    Token,
    new_handle,
)
from app.models.base import EPOCH_ID_BYTES
from app.operations.connection import allow_lists
from app.operations.connection.authorise import Authorised, check_subdomain
from app.operations.connection.id_token import Account
from app.operations.grant.requests_made import note_uncounted
from app.operations.grant.tokens import sealed_token
from app.operations.runs.runs import latest_run, requeue, start_run
from app.operations.transactions.fence import open_epoch
from collectors.layout import layout
from collectors.manifest import COLLECTED
from collectors.pseudonyms import Pseudonyms


def connect(
    session: Session, engagement: Engagement, authorised: Authorised
) -> CollectionRun | None:
    """Store the grant; returns the collection to start, if one is due. Raises ConnectRefused."""
    check_subdomain(engagement, authorised.account)
    _set_address(session, engagement, authorised.account)
    connection = _connection(session, engagement, authorised)
    epoch, agreed = open_epoch(session, engagement.id), allow_lists.store_today(session)
    if epoch is None:
        epoch = _new_epoch(session, connection, authorised.account, agreed)
    elif epoch.account != _account_pseudonym(epoch.handle, authorised.account):
        raise ConnectRefused(
            "other_account",
            "This is not the account that was connected before",
            "Nothing was stored. Connect the same account, or disconnect and delete first.",
        )
    allowed = _allow(epoch, agreed, authorised.extensions)
    _delete_extensions(session, epoch, authorised.extensions)
    session.execute(delete(Token).where(Token.epoch_id == epoch.id))
    session.add(
        Token(
            epoch_id=epoch.id,
            sealed=sealed_token(epoch.handle, authorised.grant),
            expires_at=authorised.grant.expires_at,
            # Random, so that a refresh of the earlier grant cannot overwrite this one.
            version=secrets.randbelow(2**30),
        )
    )
    note_uncounted(session, epoch.id, authorised.calls)
    return _due_run(session, engagement, epoch, partial=authorised.partial, changed=allowed)


def _connection(session: Session, engagement: Engagement, authorised: Authorised) -> Connection:
    """The engagement's connection, renewed."""
    connection = session.scalar(
        select(Connection).where(Connection.engagement_id == engagement.id).with_for_update()
    )
    if connection is None:
        connection = Connection(handle=new_handle(), engagement_id=engagement.id)
        session.add(connection)
    connection.region = authorised.account.region
    connection.partial = authorised.partial
    connection.connected_at = connection.checked_at = now()
    connection.lost_at = connection.lost_reason = None
    session.flush()  # the epoch needs its id
    return connection


def _set_address(session: Session, engagement: Engagement, account: Account) -> None:
    """The region may be known only now; every page and receipt names the account's own host."""
    engagement.subdomain = account.address
    session.execute(
        update(Engagement).where(Engagement.id == engagement.id).values(subdomain=account.address)
    )


def _new_epoch(session: Session, connection: Connection, account: Account, agreed: bytes) -> Epoch:
    handle = new_handle()
    keystore.create(handle)
    epoch = Epoch(
        id=os.urandom(EPOCH_ID_BYTES),
        handle=handle,
        connection_id=connection.id,
        account=_account_pseudonym(handle, account),
        allow_list_hash=agreed,
        extensions="",
        created_at=now(),
    )
    session.add(epoch)
    session.flush()  # token and run refer to it
    return epoch


def _allow(epoch: Epoch, agreed: bytes, extensions: tuple[str, ...]) -> bool:
    """The client has just seen today's allow-list; True if it agreed to another before."""
    before = epoch.allow_list_hash, epoch.extensions
    epoch.allow_list_hash = agreed
    epoch.extensions = " ".join(sorted(extensions))
    return before != (epoch.allow_list_hash, epoch.extensions)


def _delete_extensions(session: Session, epoch: Epoch, allowed: tuple[str, ...]) -> None:
    """Delete the records of extensions that are no longer allowed."""
    for resource in COLLECTED:
        if resource.extension and resource.name not in allowed:
            for each in layout(resource.schema):
                table = RECORD_TABLES[each.name]
                session.execute(delete(table).where(table.c.epoch_id == epoch.id))


def _account_pseudonym(epoch_handle: str, account: Account) -> bytes:
    return Pseudonyms(keystore.read(epoch_handle).pseudonym).of("account", account.account_id)


def _due_run(
    session: Session, engagement: Engagement, epoch: Epoch, *, partial: bool, changed: bool
) -> CollectionRun | None:
    """Collect at first, resume after a failure, start again if more is visible or allowed."""
    run = latest_run(session, epoch, lock=True)
    if run is None or changed or (run.partial and not partial):
        return start_run(session, engagement, epoch, partial=partial)
    if run.state == JobState.DONE:
        return None
    requeue(run)
    return run
