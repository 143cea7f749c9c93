"""The platform: composition root and the ground every app stands on."""
