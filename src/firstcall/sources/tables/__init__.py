"""How is a sheet of our own tables read?"""
