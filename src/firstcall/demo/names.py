"""What are the organisations and people of the sample program called?"""

from __future__ import annotations

import random
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STEMS: Final = _words("""
    Alder Amber Arden Aspen Atlas Aurora Basalt Beacon Birch Bramble Brisa Cairn Calder Cedar Cinder
    Clover Cobalt Copper Coral Corvid Dahlia Delta Drift Ember Fable Falcon Fern Fjord Flint Garnet
    Glacier Harbour Hazel Heron Indigo Iris Jasper Juniper Kestrel Kite Lagoon Larch Lumen Lupin Maple
    Marlow Merlin Mistral Moss Nimbus Oak Onyx Opal Orchid Osprey Pebble Pine Plover Quartz Quill Raven
    Reed Ridge Rowan Saffron Sage Sierra Slate Solstice Sorrel Sparrow Summit Tamar Teal Thistle Tide
    Topaz Umber Vale Verde Vesper Violet Walnut Wren Yarrow Zephyr
""")
TRADES: Final = _words("""
    Freight Logistics Couriers Retail Outfitters Markets Pay Capital Ledger Insurance Mutual Travel Rail
    Stays Software Systems Cloud Health Clinics Energy Foods Mobility Telecom Media
""")
COUNTRIES: Final = _words("DE DE DE FR NL GB ES IT PL SE AT DK US US CH IE")
SEGMENTS: Final = ("startup", "startup", "mid-market", "mid-market", "enterprise")
CHANNELS: Final = ("search", "search", "partner", "outbound", "event", "referral")
MANAGERS: Final = ("Ines Albrecht", "Jonas Weidner", "Maya Okafor", "Tomasz Nowak")
FIRST_NAMES: Final = _words("""
    Ada Aiko Amir Ana Anton Beatriz Bela Carla Chen Clara Dario Diego Elif Emil Esra Farid Femi Finn
    Greta Hana Hugo Ida Igor Ilse Ivo Jana Joao Karim Kofi Lea Lena Liam Lucia Marek Mei Mila Nadia Nils
    Noor Olga Omar Paula Petra Rafael Rania Rosa Samir Sanna Sofia Theo Tuva Uma Vera Viktor Wanda Yara
    Yusuf Zoe
""")
LAST_NAMES: Final = _words("""
    Abel Adeyemi Bakker Becker Bianchi Costa Dahl Dubois Eriksen Farkas Fischer Garcia Hansen Haas Ito
    Jansen Kaya Keller Kovacs Kowal Lang Lindqvist Lopez Marin Meyer Moreau Novak Okoye Olsen Park
    Pereira Petrov Quist Ricci Rossi Sato Schulz Silva Singh Sorensen Tanaka Thoma Unger Vargas Vogel
    Weber Wong Yilmaz Zeller
""")


def organisations(rng: random.Random, count: int, taken: set[str]) -> list[str]:
    """Different organisation names, none of them in ``taken``; at most stems × trades of them."""
    every = [f"{stem} {trade}" for stem in STEMS for trade in TRADES]
    rng.shuffle(every)
    return [name for name in every if name not in taken][:count]


def person(rng: random.Random) -> str:
    """A person's name; names may repeat, as they do."""
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"


def slug(name: str) -> str:
    """The name as part of an identifier: lower case, words joined by hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
