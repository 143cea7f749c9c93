"""New sessions of this database see public only, so that a missing search path fails closed, and keep UTC.

UTC is what Django asks of each session; where it is the default already, it sends nothing.
"""

from django.db import migrations

FORWARDS = """
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path = public', current_database());
  EXECUTE format('ALTER DATABASE %I SET TimeZone = UTC', current_database());
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'not the owner of the database: set search_path = public for the role by hand';
END $$
"""
BACKWARDS = """
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I RESET search_path', current_database());
  EXECUTE format('ALTER DATABASE %I RESET TimeZone', current_database());
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
