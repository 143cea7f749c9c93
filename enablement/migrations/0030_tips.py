from django.db import migrations, models


class Migration(migrations.Migration):
    """What shops answered to tips bears their name: advice is what is made each night."""

    dependencies = [("enablement", "0028_quote_guards")]

    operations = [
        migrations.RemoveConstraint("adviceanswer", "advice_answered_once"),
        migrations.RemoveConstraint("adviceanswer", "advice_answer_known"),
        migrations.RenameModel("AdviceAnswer", "TipAnswer"),
        migrations.AddConstraint(
            "tipanswer",
            models.UniqueConstraint(fields=["reseller", "code", "subject"], name="tip_answered_once"),
        ),
        migrations.AddConstraint(
            "tipanswer",
            models.CheckConstraint(name="tip_answer_known", condition=models.Q(answer__in=["taken", "dismissed"])),
        ),
    ]
