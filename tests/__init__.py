"""Does firstcall keep its word?"""
