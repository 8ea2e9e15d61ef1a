"""One assessment in a process of its own, on one core: what it took, as one JSON object.

`python -m benchmarks.assessing DATABASE_URL`: rows of the newest run to the document as JSON text.
"""

import json
import os
import resource
import sys
import time

from sqlalchemy import select

from app.database.engine import Database
from app.models import CollectionRun
from app.operations.assessments.document import document, load
from app.operations.assessments.question import Question
from app.reports.as_json import as_json

_KILOBYTES = 1024


def main() -> None:
    """Measure once."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    database = Database()
    database.bind(sys.argv[1])
    with database.read() as session:
        run = session.scalar(select(CollectionRun).order_by(CollectionRun.id.desc()))
        if run is None:
            raise RuntimeError("nothing is collected")
        began, spent = time.perf_counter(), time.process_time()
        loaded = load(session, run, Question(), None)
    read = time.perf_counter()
    text = "".join(as_json(document(loaded)[0]))
    done, spent = time.perf_counter(), time.process_time() - spent
    found = {
        "seconds": done - began,
        "cpu_s": spent,
        "load_s": read - began,
        "document_s": done - read,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES,
        "log_entries": len(loaded.facts.log_entries),
        "incidents": len(loaded.facts.incidents),
        "bytes": len(text),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
