"""What do the APIs earn and cost, and is everything billed that was used?"""
