from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0004_long_division_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='division',
            name='trial',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
