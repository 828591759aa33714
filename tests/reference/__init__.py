"""What does every metric say when it is computed again, slowly, in plain Python?"""
