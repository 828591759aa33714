"""Who uses the APIs, how much of them, and do they come back?"""
