"""What do developers say, ask for and get?"""
