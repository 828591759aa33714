"""How do texts become values of our types, judged by the rules of the settings?"""
