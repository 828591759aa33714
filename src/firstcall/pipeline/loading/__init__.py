"""How do rows enter the store, once each, whole or not at all?"""
