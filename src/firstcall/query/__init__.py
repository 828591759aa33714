"""How does a question become an answer: scope, plan, SQL, points, explanation?"""
