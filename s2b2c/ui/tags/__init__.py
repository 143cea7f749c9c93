"""The tags of ``{% load ui %}`` by what they draw; ``s2b2c.ui.templatetags.ui`` puts them together."""
