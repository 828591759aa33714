"""Does the dashboard work where people see it: in a real browser?"""
