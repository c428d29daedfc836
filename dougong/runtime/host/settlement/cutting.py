"""A file of lines that takes long to cut: kept as it came, answered at once, and cut by a worker.

The import's own wake-up stays until all is cut. With every piece the worker says how far it is and that it lives; one that is
killed does not, and another begins anew: of a file that is not cut to its end nothing counts.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, BinaryIO, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dougong.platform import files
from dougong.platform.files import FileRefused
from dougong.platform.sheets import BY_THE_MILLION, SheetError
from dougong.platform.store import db, moment, transaction
from dougong.platform.wakeups import FILES, MAX_ATTEMPTS, Wakeup, pause
from dougong.runtime.reason import Reason
from dougong.runtime.settlement import lines_form

from .. import pieces
from ..effects import Call
from ..importing import weight
from ..verbs import Actor
from . import intake
from .intake import Intake
from .line_pricing import Pricing

AT_ONCE: Final = 5_000_000  # bytes, unpacked: about two seconds
FIRST: Final = 300  # seconds until the first piece at most: the texts that cells share are read before

log = logging.getLogger(__name__)


class _NotMine(Exception):
    """It has been dropped, or another has begun with it."""


def bring(actor: Actor, key: str, file: BinaryIO, name: str) -> str:
    """As `intake.bring`; but a large file is only kept, and cut by a worker: until then the import's state is cutting."""
    if weight(file, name, BY_THE_MILLION) <= AT_ONCE:
        return intake.bring(actor, key, file, name)
    Pricing.of(actor.tenant_id, key)
    ids = pieces.keep(actor.tenant_id, file)
    with transaction(actor.tenant_id) as session:
        row = intake.begun(session, actor, key, name, 0, "cutting")
        files.own(session, ids, intake.owner_of(row.id))
        session.add(Wakeup(tenant_id=actor.tenant_id, effect_id=row.id, queue=FILES, due_at=moment()))
        return row.id


def waits(session: Session, intake_id: str) -> bool:
    """Whether that is a file to be cut."""
    return session.scalar(select(Intake.id).where(Intake.id == intake_id, Intake.state == "cutting")) is not None


def begin(session: Session, intake_id: str, attempt: int, patience: float) -> Call | None:
    """For the worker: what there is to do, if nobody else has begun it since."""
    row = _taken(session, intake_id, attempt, attempt + 1, max(patience, FIRST))
    if row is None:
        return None
    if attempt >= MAX_ATTEMPTS:
        intake.refuse(session, row, Reason("settle.not_cut"))
        _wakeup_goes(session, row)
        return None
    return partial(_cut, row.tenant_id, intake_id, row.settlement_key, row.source, attempt + 1, patience)


def _cut(tenant_id: str, intake_id: str, key: str, name: str, attempt: int, patience: float) -> None:
    def told(rows: int) -> None:
        with _mine(tenant_id, intake_id, attempt, patience) as (_, row):
            row.rows = rows

    try:
        form = lines_form(Pricing.of(tenant_id, key).doc)
        with pieces.kept(db.session(), intake.owner_of(intake_id)) as file:
            db.session.rollback()
            found = pieces.cut(tenant_id, file, name, form, told)
        with _mine(tenant_id, intake_id, attempt, patience) as (session, row):
            pieces.whole_is_cut(session, intake.owner_of(intake_id))
            intake.is_cut(session, row, found)
            _wakeup_goes(session, row)
    except _NotMine:
        log.info("import %s is cut no further here", intake_id)
    except (SheetError, FileRefused) as wrong:
        with suppress(_NotMine), _mine(tenant_id, intake_id, attempt, patience) as (session, row):
            intake.refuse(session, row, Reason(wrong.code, wrong.params))
            _wakeup_goes(session, row)
    except Exception:
        with suppress(_NotMine), _mine(tenant_id, intake_id, attempt, pause(attempt)):
            log.warning("import %s is tried again", intake_id)
        raise


@contextmanager
def _mine(tenant_id: str, intake_id: str, attempt: int, seconds: float) -> Iterator[tuple[Session, Intake]]:
    """In a transaction: nobody else looks at it for so long. Raises _NotMine."""
    with transaction(tenant_id) as session:
        row = _taken(session, intake_id, attempt, attempt, seconds)
        if row is None:
            raise _NotMine
        yield session, row


def _taken(session: Session, intake_id: str, attempt: int, counted: int, seconds: float) -> Intake | None:
    """The import, if it was begun `attempt` times until now and is still to be cut: nobody else looks at it for so long."""
    row = session.scalar(select(Intake).where(Intake.id == intake_id, Intake.state == "cutting").with_for_update())
    later = {"attempt": counted, "due_at": moment(datetime.now(UTC) + timedelta(seconds=seconds))}
    mine: Any = update(Wakeup).where(*_wakeup(session, intake_id), Wakeup.attempt == attempt).values(**later)
    return row if row is not None and session.execute(mine.returning(Wakeup.effect_id)).first() else None


def _wakeup(session: Session, intake_id: str) -> tuple[Any, ...]:
    return Wakeup.tenant_id == session.info["tenant_id"], Wakeup.effect_id == intake_id


def _wakeup_goes(session: Session, row: Intake) -> None:
    session.execute(delete(Wakeup).where(*_wakeup(session, row.id)))
