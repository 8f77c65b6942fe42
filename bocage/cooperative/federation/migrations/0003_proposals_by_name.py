from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("federation", "0002_feeds")]

    operations = [
        migrations.AddField(
            model_name="keyproposal",
            name="ref",
            field=models.CharField(
                help_text="Its name in the feed: the author's domain and a number.", max_length=160, null=True, unique=True
            ),
        ),
        migrations.RunSQL("UPDATE federation_keyproposal SET ref = 'before:' || id", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="keyproposal",
            name="ref",
            field=models.CharField(
                help_text="Its name in the feed: the author's domain and a number.", max_length=160, unique=True
            ),
        ),
    ]
