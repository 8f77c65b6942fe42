"""What a hub makes of others' goods knows what it is made of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_exact_sizes'),
        ('pricing', '0002_weight_in_pounds'),
    ]

    operations = [
        migrations.AddField(
            model_name='variant',
            name='source',
            field=models.ForeignKey(help_text='What it is made of, bought to be resold.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.variant'),
        ),
        migrations.AddField(
            model_name='variant',
            name='source_yields',
            field=models.PositiveIntegerField(help_text='How many of it one of the source makes.', null=True),
        ),
        migrations.AddField(
            model_name='variant',
            name='splits_stock',
            field=models.BooleanField(db_default=False, default=False, help_text='Ones of the source are opened from their stock when its own runs out.'),
        ),
        migrations.AddConstraint(
            model_name='variant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', None), ('source_yields', None), ('splits_stock', False)), models.Q(('source__isnull', False), ('source_yields__gt', 0)), _connector='OR'), name='source_yields_something'),
        ),
    ]
