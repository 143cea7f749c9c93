"""The ground under both APIs: keys and scopes, idempotency, throttles, errors, pagination."""
