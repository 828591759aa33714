"""Do the APIs answer, fast enough, as promised, and what broke?"""
