"""Figures: how fast, how large, compared with what. ``make bench`` runs all, ``make bench ARGS="start"`` some."""
