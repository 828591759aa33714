"""What does SciPy say, in our terms?"""
