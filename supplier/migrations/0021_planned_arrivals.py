from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("supplier", "0020_payout_holds")]

    operations = [
        migrations.AddField(
            model_name="arrival",
            name="source",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
