"""Who puts a bundle together waits for who gives its variants stock, and the other way round, but nobody's order does."""

from django.db import migrations


def _function(reader: str, writer: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION supplier_bundles_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'supplier_stock' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR {reader};
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'a bundle has no stock of its own' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_TABLE_NAME = 'supplier_bundle' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR {writer};
        IF EXISTS (SELECT 1 FROM public.supplier_stock WHERE variant_id = NEW.variant_id)
           OR EXISTS (SELECT 1 FROM public.supplier_bundlepart WHERE component_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'it has stock, or is in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSE
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.component_id FOR {reader};
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.component_id) THEN
            RAISE EXCEPTION 'a bundle in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("supplier", "0032_cases_of_help")]

    operations = [migrations.RunSQL(_function("SHARE", "NO KEY UPDATE"), _function("KEY SHARE", "UPDATE"))]
