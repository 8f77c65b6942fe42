"""Products that were there before are found by their words too."""

from itertools import groupby

from django.db import migrations

from bocage.catalogue.rules import search_text

BATCH = 1000


def fill(apps, schema_editor):
    Product, Variant = apps.get_model("catalogue", "Product"), apps.get_model("catalogue", "Variant")
    waiting = []
    for product in Product.objects.filter(search_text="").order_by("id").iterator(BATCH):
        waiting.append(product)
        if len(waiting) == BATCH:
            _write(Product, Variant, waiting)
            waiting = []
    _write(Product, Variant, waiting)


def _write(Product, Variant, products):
    rows = Variant.objects.filter(product__in=products, ended_at__isnull=True).order_by("product_id", "position", "id")
    found = groupby(rows.values_list("product_id", "name", "sku"), key=lambda row: row[0])
    sizes = {product_id: [row[1:] for row in group] for product_id, group in found}
    for product in products:
        product.search_text = search_text(product.name, product.keywords, sizes.get(product.pk, ()))
    Product.objects.bulk_update(products, ["search_text"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_table_cells")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
