"""What is one row, where several families count the same rows?"""
