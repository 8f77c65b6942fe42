"""The barn's pages: packing, hand-over, goods by product and by farm, and what is printed or downloaded."""
