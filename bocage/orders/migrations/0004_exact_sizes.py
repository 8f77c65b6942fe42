"""Sizes become exact: whole grams, millilitres and items are kept as millionths from now on."""

import bocage.infra.exact
from django.db import migrations, models
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast, Greatest

WHOLE = Cast(F("size"), BigIntegerField())


def into_millionths(apps, schema_editor):
    apps.get_model("orders", "OrderLine").objects.update(size=WHOLE * Value(1_000_000, BigIntegerField()))


def into_whole(apps, schema_editor):
    whole = WHOLE / Value(1_000_000, BigIntegerField())
    apps.get_model("orders", "OrderLine").objects.update(size=Greatest(whole, Value(1, BigIntegerField())))


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_sharing_rules_and_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderline',
            name='measure',
            field=models.CharField(blank=True, db_default='', default='', max_length=4),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='size',
            field=bocage.infra.exact.ExactField(),
        ),
        migrations.RunPython(into_millionths, into_whole),
    ]
