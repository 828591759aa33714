"""What does an OpenAPI document say of endpoints, and what changed between two?"""
