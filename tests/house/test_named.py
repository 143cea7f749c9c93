"""What is recorded as a code is read as words: actions of the audit log, kinds of events."""

from __future__ import annotations

import re

from s2b2c.accounts.web import actions
from s2b2c.kernel import events
from supplier.web import event_words
from tests.house import sources

ACTION = re.compile(r'"((?:[a-z]|_)+\.(?:[a-z]|_)+)"')
CALL = re.compile(r"(?:audit|_noted|_note|record)\((?:[^()]|\([^()]*\))*\)")


def test_every_action_of_the_audit_log_has_words():
    found = set()
    for path in sources.python():
        if "/services/" in path.as_posix():
            for call in CALL.findall(path.read_text(encoding="utf-8")):
                found |= set(ACTION.findall(call))
    assert len(found) > 20
    assert found - set(actions.ACTIONS) == set()


def test_every_kind_of_event_has_words():
    assert set(events.ALL) - set(event_words.TOPICS) == set()
