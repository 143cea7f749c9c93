"""Variants made of others. See ADR 0020."""

import django.db.models.deletion
from django.db import migrations, models

_FUNCTION = """
CREATE FUNCTION supplier_bundles_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'supplier_stock' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR KEY SHARE;
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'a bundle has no stock of its own' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF TG_TABLE_NAME = 'supplier_bundle' THEN
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.variant_id FOR UPDATE;
        IF EXISTS (SELECT 1 FROM public.supplier_stock WHERE variant_id = NEW.variant_id)
           OR EXISTS (SELECT 1 FROM public.supplier_bundlepart WHERE component_id = NEW.variant_id) THEN
            RAISE EXCEPTION 'it has stock, or is in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSE
        PERFORM 1 FROM public.supplier_variant WHERE id = NEW.component_id FOR KEY SHARE;
        IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE variant_id = NEW.component_id) THEN
            RAISE EXCEPTION 'a bundle in a bundle' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION supplier_bundle_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.supplier_bundle WHERE fixed_at IS NOT NULL
               AND variant_id IN (OLD.bundle_id, NEW.bundle_id)) THEN
        RAISE EXCEPTION 'what is in an ordered bundle stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTION = "DROP FUNCTION supplier_bundles_apart(); DROP FUNCTION supplier_bundle_fixed();"
_APART = ("supplier_stock", "supplier_bundle", "supplier_bundlepart")


def _apart(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER {table}_bundles_apart AFTER INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION supplier_bundles_apart();""",
        f"DROP TRIGGER {table}_bundles_apart ON {table};",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('supplier', '0028_quality_card'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('variant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='bundle', serialize=False, to='supplier.variant')),
                ('fixed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='fulfilmentline',
            name='lead',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='fulfilmentline',
            name='per',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='fulfilmentline',
            name='bundle',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supplier.bundle'),
        ),
        migrations.CreateModel(
            name='BundlePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.PositiveSmallIntegerField()),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='supplier.bundle')),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.variant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('bundle', 'component'), name='bundle_part_once'), models.UniqueConstraint(fields=('bundle', 'component', 'pieces'), name='bundle_part_pieces'), models.CheckConstraint(condition=models.Q(('pieces__gte', 1), models.Q(('bundle', models.F('component')), _negated=True)), name='bundle_part_is_another')],
            },
        ),
        # Pieces to send are of the line sold, or of what is in the bundle sold, as many as are in it: facts of the database.
        migrations.RunSQL(
            """ALTER TABLE supplier_fulfilmentline
                 DROP CONSTRAINT fulfilment_line_of_variant,
                 ADD COLUMN sold_id bigint GENERATED ALWAYS AS (COALESCE(bundle_id, variant_id)) STORED,
                 ADD CONSTRAINT fulfilment_line_of_variant FOREIGN KEY (sold_id, line_id)
                     REFERENCES supplier_salesline (variant_id, id) DEFERRABLE INITIALLY DEFERRED,
                 ADD CONSTRAINT fulfilment_line_of_bundle FOREIGN KEY (bundle_id, variant_id, per)
                     REFERENCES supplier_bundlepart (bundle_id, component_id, pieces);""",
            """ALTER TABLE supplier_fulfilmentline
                 DROP CONSTRAINT fulfilment_line_of_bundle,
                 DROP COLUMN sold_id CASCADE,
                 ADD CONSTRAINT fulfilment_line_of_variant FOREIGN KEY (variant_id, line_id)
                     REFERENCES supplier_salesline (variant_id, id) DEFERRABLE INITIALLY DEFERRED;""",
        ),
        # A bundle has no stock of its own, and stock makes no bundle: whoever comes second waits for the first.
        migrations.RunSQL(_FUNCTION, _NO_FUNCTION),
        *[_apart(table) for table in _APART],
        migrations.RunSQL(
            """CREATE TRIGGER supplier_bundlepart_fixed AFTER INSERT OR UPDATE OR DELETE ON supplier_bundlepart
               FOR EACH ROW EXECUTE FUNCTION supplier_bundle_fixed();""",
            "DROP TRIGGER supplier_bundlepart_fixed ON supplier_bundlepart;",
        ),
    ]
