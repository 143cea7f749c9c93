"""The audit log can be added to, and nothing else."""

from django.db import migrations

ADD = """
CREATE FUNCTION public.accounts_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION public.accounts_audit_append_only();
"""
REMOVE = """
DROP TRIGGER append_only ON public.accounts_auditentry;
DROP FUNCTION public.accounts_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
