"""The purchase plan as arithmetic: what is asked for, whom to buy it from, what each alone would have paid. No tables."""
