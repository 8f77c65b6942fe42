from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_chain_what_is_there'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='number',
            field=models.BigIntegerField(help_text='In its book, from 1, without gaps.'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='hash',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('book', 'number'), name='entry_number'),
        ),
    ]
