"""Do ticks, labels and axes land where they should?"""
