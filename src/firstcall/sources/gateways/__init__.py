"""Which gateways are read: one file per system, each a frozen `Source`?"""
