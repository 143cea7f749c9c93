"""All that S owns: catalogue, stock, fulfilment, ledger, settlement. Public schema."""
