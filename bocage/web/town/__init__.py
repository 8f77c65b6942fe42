"""The demo town: a made-up market town of the bocage, read from its data files and built with the apps' actions."""
