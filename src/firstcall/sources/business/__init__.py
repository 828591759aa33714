"""Which business systems are read: one file per system, each a frozen `Source`?"""
