"""How do newcomers arrive: how soon, how far, and where do they stop?"""
