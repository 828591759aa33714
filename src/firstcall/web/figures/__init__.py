"""Which charts does the dashboard draw: one file per question, from the answers of metrics?"""
