"""Stripe: payment intents on each hub's own connected account; card numbers go from the browser to Stripe alone."""
