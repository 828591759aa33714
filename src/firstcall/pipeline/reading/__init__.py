"""How does a file, whatever it is packed in, become lines and records?"""
