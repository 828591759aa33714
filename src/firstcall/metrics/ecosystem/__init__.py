"""What do others build on the APIs?"""
