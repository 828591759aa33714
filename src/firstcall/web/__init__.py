"""How do people and programs read the answers: pages, a read API, and the server that gives both out?"""
