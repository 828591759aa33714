"""Does a report say what its answers say, in every format?"""
