"""Customers who may be lost or are: who is worth an effort, why they left, and what came of it.

``candidates``  whom an effort may keep or win back, what that is worth, and what facts say why
``results``     what customers bought after an effort, and those without one
"""
