"""Shop page, basket and checkout: how a shopper makes an order."""
