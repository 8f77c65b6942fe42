"""What no app can test alone: races, journeys in a browser, the architecture, and the ground they stand on."""
