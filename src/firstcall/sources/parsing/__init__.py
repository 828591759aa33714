"""Which shapes do logs have, whatever system wrote them: text, JSON, W3C, CSV?"""
