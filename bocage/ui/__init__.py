"""Components, layouts and page helpers: how Bocage looks, the same everywhere."""
