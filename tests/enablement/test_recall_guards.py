"""What the database itself holds of recalls."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["running", "done"])
def test_recall_that_has_begun_gets_no_lots(state: str) -> None:
    with connection.cursor() as cursor:  # found before the real one: the guard asks for a recall's state by its name
        cursor.execute("CREATE TEMP TABLE enablement_recall AS SELECT 1::bigint AS id, %s AS state", [state])
        with pytest.raises(IntegrityError, match="of the lots it began with"), transaction.atomic():
            cursor.execute("INSERT INTO public.enablement_recall_lots (recall_id, lot_id) VALUES (1, 1)")
        cursor.execute("DROP TABLE pg_temp.enablement_recall")
