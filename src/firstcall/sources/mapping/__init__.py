"""How do another system's records become rows of our tables?"""
