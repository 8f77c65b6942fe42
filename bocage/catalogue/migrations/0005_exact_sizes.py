"""Sizes become exact: whole grams, millilitres and items are kept as millionths from now on."""

import bocage.infra.exact
from django.db import migrations, models
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast, Greatest

WHOLE = Cast(F("size"), BigIntegerField())


def into_millionths(apps, schema_editor):
    apps.get_model("catalogue", "Variant").objects.update(size=WHOLE * Value(1_000_000, BigIntegerField()))


def into_whole(apps, schema_editor):
    whole = WHOLE / Value(1_000_000, BigIntegerField())
    apps.get_model("catalogue", "Variant").objects.update(size=Greatest(whole, Value(1, BigIntegerField())))


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_words_to_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='variant',
            name='measure',
            field=models.CharField(blank=True, db_default='', default='', help_text='What its maker counts in: kg, oz …; blank: any metric one.', max_length=4),
        ),
        migrations.AlterField(
            model_name='variant',
            name='size',
            field=bocage.infra.exact.ExactField(),
        ),
        migrations.RunPython(into_millionths, into_whole),
    ]
