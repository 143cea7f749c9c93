"""Keep people out of events: whom a parcel goes to is in one only until it was handled.

What was handled loses its recipient as it is marked (:data:`WITHOUT_PEOPLE`); what still waits when a person is erased
keeps the recipient's fields, emptied, for its handlers, and loses what was said in a case of help (``entries``).
What was asked and answered in a case goes with the event that told it, too: the thread has it, and mail has left.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from s2b2c.kernel import bulk

WITHOUT_PEOPLE = """CASE WHEN payload ? 'recipient' THEN payload || '{"recipient": {}}'
    WHEN payload ? 'entries' THEN payload || '{"entries": []}'
    WHEN topic = 'ComplaintAnswered' THEN payload || '{"data": {}}'
    WHEN topic = 'ReturnRequested' THEN payload || '{"note": "", "photos": []}'
    WHEN topic = 'CaseTold' THEN payload || '{"text": ""}'
    WHEN topic = 'MailRequested' AND payload ->> 'kind' IN ('answer', 'case')
    THEN payload #- '{data,asked}' #- '{data,text}' #- '{data,answer}' ELSE payload END"""
_FORGET = """
    UPDATE outbox_outboxevent o SET payload = o.payload || jsonb_build_object('recipient', COALESCE(
        (SELECT jsonb_object_agg(field, '') FROM jsonb_object_keys(o.payload -> 'recipient') AS k(field)), '{}'))
    WHERE o.key = ANY(%s::text[]) AND o.state IN ('pending', 'dead') AND o.payload ? 'recipient'
"""
_FORGET_WORDS = """
    UPDATE outbox_outboxevent SET payload = payload || '{"entries": []}'
    WHERE key = ANY(%s::text[]) AND state IN ('pending', 'dead') AND payload ? 'entries'
"""
_FORGET_RETURNS = """
    UPDATE outbox_outboxevent SET payload = payload || '{"note": "", "photos": []}'
    WHERE key = ANY(%s::text[]) AND state IN ('pending', 'dead') AND topic = 'ReturnRequested'
"""
_FORGET_QUOTES = """
    UPDATE outbox_outboxevent SET payload = jsonb_set(payload, '{data,asked}', '""')
    WHERE key = ANY(%s::text[]) AND state IN ('pending', 'dead') AND payload #> '{data,asked}' IS NOT NULL
"""


def forget_recipients(*, reseller_id: int, order_numbers: Sequence[str]) -> None:
    """Empty the recipients and words in events of orders that are still to be handled. Call inside a transaction.

    Waits for a worker that handles one. Call it before the orders are locked: that worker may want them.
    """
    own = [f"{reseller_id}:{number}" for number in order_numbers]
    keys = bulk.texts(own)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [keys])
        cursor.execute(_FORGET_WORDS, [keys])
        cursor.execute(_FORGET_RETURNS, [keys])
        cursor.execute(_FORGET_QUOTES, [bulk.texts([*own, *(f"mail:{key}" for key in own)])])
