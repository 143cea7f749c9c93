"""Invented buyers; all their addresses end in .example, which no mail server has."""

from __future__ import annotations

from random import Random

from orders.services.writing import Contact

GIVEN = (
    "Maya", "Priya", "Ben", "Ifeoma", "Marta", "Elena", "Jonas", "Aiko", "Ravi", "Clara", "Owen", "Sofia", "Theo", "Nadia",
    "Hugo", "Leah", "Samuel", "Ines", "Marcus", "Freya", "Anton", "Zoe", "Wei", "Jun", "Mei", "Hao",
)  # fmt: skip
FAMILY = (
    "Lindqvist", "Nair", "Calder", "Okafor", "Keller", "Marsh", "Tanaka", "Rao", "Weiss", "Byrne", "Moreau", "Novak", "Silva",
    "Haddad", "Larsen", "Osei", "Petrov", "Quinn", "Ruiz", "Sato", "Chen", "Lin", "Zhou", "Wang",
)  # fmt: skip
PLACES = (
    ("Dean Street", "11217", "Brooklyn", "NY"), ("Maple Street", "05401", "Burlington", "VT"), ("Valencia Street", "94110", "San Francisco", "CA"),
    ("Warren Street", "12534", "Hudson", "NY"), ("Alberta Street", "97211", "Portland", "OR"), ("Congress Street", "04101", "Portland", "ME"),
    ("South Lamar", "78704", "Austin", "TX"), ("Magnolia Avenue", "98199", "Seattle", "WA"), ("Clark Street", "60640", "Chicago", "IL"),
)  # fmt: skip


def contact(random: Random) -> Contact:
    """Give a buyer; of two hundred, so that some come back."""
    number = random.randrange(200)
    given, family = GIVEN[number % len(GIVEN)], FAMILY[(number * 7) % len(FAMILY)]
    street, postcode, city, region = PLACES[number % len(PLACES)]
    return Contact(
        name=f"{given} {family}",
        email=f"{given}.{family}{number}@post.example".lower(),
        phone="",
        street=f"{number % 380 + 1} {street}",
        postcode=postcode,
        city=city,
        region=region,
        country="US",
    )
