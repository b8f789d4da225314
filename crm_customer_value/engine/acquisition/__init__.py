"""What a lead may be worth, by the customers it is like.

``traits``     in what customers and leads are alike, and what customers brought in their first year
``groups``     shrunk means of groups of customers, and whether they say more than one mean for all
``estimates``  what that makes of a lead
"""
