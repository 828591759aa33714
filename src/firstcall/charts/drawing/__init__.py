"""What do the kinds of charts share: frames, axes, ticks, labels and the marks for what is missing?"""
