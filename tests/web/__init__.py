"""Does the dashboard show what is true, and nothing else?"""
