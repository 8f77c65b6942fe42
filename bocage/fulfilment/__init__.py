"""What happens in the barn: packing lists, ticks, weights and the hand-over."""
