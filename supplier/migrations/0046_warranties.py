"""How long a warranty lasts: of a variant, else of its category, and as promised on each line sold."""

from django.db import migrations, models
from django.db.models import Q

_MONTHS = "warranty_months"


class Migration(migrations.Migration):
    dependencies = [("supplier", "0045_serial_numbers")]

    operations = [
        migrations.AddField("category", _MONTHS, models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("variant", _MONTHS, models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("salesline", _MONTHS, models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            "category",
            models.CheckConstraint(name="category_warranty_in_reason", condition=Q(warranty_months__lte=240)),
        ),
        migrations.AddConstraint(
            "variant",
            models.CheckConstraint(name="variant_warranty_in_reason", condition=Q(warranty_months__lte=240)),
        ),
    ]
