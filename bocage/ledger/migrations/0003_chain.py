from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_initial'),
        ('network', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('book', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='network.enterprise')),
                ('number', models.BigIntegerField(default=0)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='number',
            field=models.BigIntegerField(help_text='In its book, from 1, without gaps.', null=True),
        ),
        migrations.AddField(
            model_name='entry',
            name='hash',
            field=models.CharField(default='', max_length=64),
        ),
    ]
