"""Which pages does the dashboard have: one file each, from a view to what its template shows?"""
