"""Ways to choose what a model is sent: ours, and the simpler ones that it is measured against.

All see the model through the same view, link the same names and write facts in the same form.
"""
