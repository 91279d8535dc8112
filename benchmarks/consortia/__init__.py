"""Are the suggestions any good? The product's scoring measured on real collaborations.

docs/matching-benchmark.md gives protocol, figures and how to repeat them.
"""
