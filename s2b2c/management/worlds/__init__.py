"""Worlds to fill an installation with: the demo, and real data from outside. Through the services only."""
