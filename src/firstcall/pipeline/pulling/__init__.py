"""How are other systems asked for what is new?"""
