"""System checks: what a tenant migration may not do."""
