"""Is the sample program what its truths say?"""
