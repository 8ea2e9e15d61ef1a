"""The client's download: complete on disk and recorded before its first byte is sent."""

from collections.abc import Iterator

from flask import Response

from app.core.crash_points import CrashPoint, reach
from app.core.errors import EpochClosed, NotFound
from app.core.logs import Event, event
from app.extensions import db
from app.models import Engagement, Epoch
from app.operations.client import downloads
from app.operations.client.downloads import Taken
from app.operations.client.export import written
from app.operations.client.spool import Spool, spooled
from app.operations.transactions.fence import open_epoch, require_open_epoch


def export_response(engagement: Engagement) -> Response:
    """Everything stored, as a file. Raises NotFound if the connection ends meanwhile."""
    with db.read() as session:
        epoch = open_epoch(session, engagement.id)
    file = spooled(written(engagement, epoch))
    try:
        if epoch is not None:
            _note(Taken(engagement, epoch), file)
        event(Event.EXPORTED, engagement=engagement.handle)
    except BaseException:
        # The spool is on disk: it must not outlive a request that ends in any way.
        file.close()
        raise
    reach(CrashPoint.DOWNLOAD_COMMITTED)
    response = Response(_pieces(file, epoch), content_type="application/json; charset=utf-8")
    response.call_on_close(file.close)
    response.content_length = file.size
    name = f"tacit-{engagement.handle}-{downloads.EVERYTHING}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _note(taken: Taken, file: Spool) -> None:
    closed = False
    try:
        with db.write() as session:
            downloads.note(session, taken, downloads.EVERYTHING, file.size, file.sha256)
    except EpochClosed:
        closed = True
    if closed:
        raise NotFound(
            "The connection ended during the download",
            "The collected records can no longer be read. Download the file again.",
        )


def _pieces(file: Spool, epoch: Epoch | None) -> Iterator[bytes]:
    """Raises EpochClosed in the middle: a slow reader must not get deleted data."""
    for piece in file.pieces():
        if epoch is not None:
            with db.read() as session:
                require_open_epoch(session, epoch.id)
        yield piece
        reach(CrashPoint.DOWNLOAD_SENT_SOME)
