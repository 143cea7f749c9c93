"""Events out: written in the transaction of their cause, handled exactly once, in order per key."""
