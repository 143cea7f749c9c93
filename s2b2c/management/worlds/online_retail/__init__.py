"""The UCI data set "Online Retail" as catalogue, orders and refunds of one shop.

Chen, D., Sain, S. L. & Guo, K. (2012), doi 10.1057/dbm.2012.17; UCI Machine Learning Repository, CC BY 4.0.
"""
