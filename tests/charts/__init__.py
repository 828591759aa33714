"""Do charts say what their values say, to the eye, to the ear and to the table?"""
